/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beneath-walk.c - resolve a path below a root by hand; see beneath-walk.h.
 *
 * The invariant: at_fd is a directory that was reached from root_fd by opening the
 * components of `done` one after the other without following a link. The path may
 * be hostile, and so may whoever renames things below the root while we look.
 */
#include "kernel/beneath-walk.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "kernel/compat.h"
#include "kernel/file.h"

#define LINKS_MAX 40    /* the kernel's MAXSYMLINKS */
#define OPENS_MAX 65536 /* bounds "a/../a/../..." in links to links */

struct walk {
	int root_fd, flags;
	bool no_symlinks;
	unsigned n_links, n_opens;
	int at_fd;           /* -EBADF at the root */
	char done[PATH_MAX]; /* "a/b", "" at the root */
	size_t done_len;
	char rest[2 * PATH_MAX]; /* still to go, from `next` on */
	const char *next;
};

static int at(const struct walk *w)
{
	return w->at_fd >= 0 ? w->at_fd : w->root_fd;
}

static void to_root(struct walk *w)
{
	fd_close(&w->at_fd);
	w->done_len = 0;
}

static int open_component(struct walk *w, int dir_fd, const char *name, int flags)
{
	if (++w->n_opens > OPENS_MAX)
		return -ELOOP;
	return sys_openat(dir_fd, name, flags | O_PATH | O_NOFOLLOW, 0);
}

/* Takes *fd, the directory `name`. */
static int step_into(struct walk *w, const char *name, int *fd)
{
	size_t len = strlen(name), slash = w->done_len > 0;

	if (w->done_len + slash + len >= sizeof(w->done))
		return -ENAMETOOLONG;
	if (slash)
		w->done[w->done_len++] = '/';
	memcpy(w->done + w->done_len, name, len);
	w->done_len += len;
	fd_close(&w->at_fd);
	w->at_fd = take_fd(fd);
	return 0;
}

/* Copy the component that starts at s; returns what follows it. */
static const char *component(const char *s, size_t len, char name[NAME_MAX + 1])
{
	memcpy(name, s, len);
	name[len] = '\0';
	return s + len;
}

/*
 * Not by opening "..": the directory may have been moved out of the root by now,
 * and its parent with it. What no longer leads here was renamed: try again.
 */
static int step_up(struct walk *w)
{
	char name[NAME_MAX + 1];
	autofd int fd = -EBADF;

	while (w->done_len > 0 && w->done[w->done_len - 1] != '/')
		w->done_len--;
	if (w->done_len > 0)
		w->done_len--;
	for (const char *s = w->done, *end = s + w->done_len; s < end;) {
		const char *slash = memchr(s, '/', (size_t)(end - s));
		size_t len = (size_t)((slash ? slash : end) - s);
		int next_fd;

		s = component(s, len, name);
		s += s < end;
		next_fd = open_component(w, fd >= 0 ? fd : w->root_fd, name, O_DIRECTORY);
		fd_close(&fd);
		fd = next_fd;
		if (fd == -ENOENT || fd == -ENOTDIR)
			return -EAGAIN;
		if (fd < 0)
			return fd;
	}
	fd_close(&w->at_fd);
	w->at_fd = take_fd(&fd);
	return 0;
}

/*
 * Is it one of procfs's links that lead to an object whatever their text says? The
 * plain ones there have mode 0777 and the size of their text, but for "self" and
 * "thread-self", whose text starts with a digit, as no magic one's does.
 */
static int check_not_magic(int link_fd, const char *target, size_t len)
{
	struct stat st;
	long type;
	int r = sys_fstatfs_type(link_fd, &type);

	if (r < 0 || type != PROC_SUPER_MAGIC)
		return r;
	r = sys_fstat(link_fd, &st);
	if (r < 0)
		return r;
	if ((st.st_mode & 0777) == 0777 && st.st_size == (off_t)len)
		return 0;
	return target[0] >= '0' && target[0] <= '9' ? 0 : -ELOOP;
}

/* Put the link's text in front of what is left, `after`. */
static int follow(struct walk *w, int link_fd, const char *after)
{
	char target[PATH_MAX];
	size_t len, after_len = strlen(after);
	unsigned long fs_flags;
	ssize_t n;
	int r;

	if (w->no_symlinks || ++w->n_links > LINKS_MAX)
		return -ELOOP;
	r = sys_fstatvfs_flags(link_fd, &fs_flags);
	if (r < 0)
		return r;
	if (fs_flags & ST_NOSYMFOLLOW)
		return -ELOOP;
	n = sys_readlinkat(link_fd, "", target, sizeof(target));
	if (n <= 0)
		return n < 0 ? (int)n : -ENOENT;
	len = (size_t)n;
	r = check_not_magic(link_fd, target, len);
	if (r < 0)
		return r;

	if (len + after_len >= sizeof(w->rest))
		return -ENAMETOOLONG;
	memmove(w->rest + len, after, after_len + 1);
	memcpy(w->rest, target, len);
	w->next = w->rest;
	if (target[0] == '/')
		to_root(w);
	return 0;
}

/* The last component, no link when we looked; *fd is its O_PATH descriptor. */
static int open_last(const struct walk *w, const char *name, int *fd, mode_t mode)
{
	int r;

	if (w->flags & O_DIRECTORY && !S_ISDIR(mode))
		return -ENOTDIR;
	if (w->flags & O_PATH)
		return take_fd(fd);
	r = sys_openat(at(w), name, w->flags | O_NOFOLLOW, 0);
	return r == -ELOOP ? -EAGAIN : r; /* it has become one */
}

static int open_last_link(const struct walk *w, int *fd)
{
	if (w->flags & O_DIRECTORY)
		return -ENOTDIR;
	return w->flags & O_PATH ? take_fd(fd) : -ELOOP;
}

/* One component; *ret_fd is set when it was the last, else -EBADF. */
static int step(struct walk *w, const char *name, const char *after, int *ret_fd)
{
	bool last = !*after;
	struct stat st;
	autofd int fd = open_component(w, at(w), name, 0);
	int r;

	if (fd < 0)
		return fd;
	r = sys_fstat(fd, &st);
	if (r < 0)
		return r;
	if (S_ISLNK(st.st_mode) && !(last && w->flags & O_NOFOLLOW))
		return follow(w, fd, after);
	if (last) {
		r = S_ISLNK(st.st_mode) ? open_last_link(w, &fd)
					: open_last(w, name, &fd, st.st_mode);
		if (r >= 0)
			*ret_fd = r;
		return r < 0 ? r : 0;
	}
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	w->next = after;
	return step_into(w, name, &fd);
}

/* After each component but the last, `next` stands on a slash or at the end. */
static int walk_run(struct walk *w)
{
	for (;;) {
		char name[NAME_MAX + 1];
		const char *after;
		int fd = -EBADF, r = 0;
		size_t len;

		w->next += strspn(w->next, "/");
		if (!*w->next) /* ended in a directory: "/", "a/", "." or ".." */
			return sys_openat(at(w), ".", w->flags & ~O_NOFOLLOW, 0);
		len = strcspn(w->next, "/");
		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		after = component(w->next, len, name);
		if (strcmp(name, ".") == 0)
			w->next = after;
		else if (strcmp(name, "..") == 0) {
			w->next = after;
			r = step_up(w);
		} else
			r = step(w, name, after, &fd);
		if (r < 0)
			return r;
		if (fd >= 0)
			return fd;
	}
}

int beneath_walk(int root_fd, const char *path, int flags, bool no_symlinks)
{
	struct walk w;
	size_t len = strlen(path);
	int r;

	if (!len)
		return -ENOENT;
	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	w.root_fd = root_fd;
	w.flags = flags;
	w.no_symlinks = no_symlinks;
	w.n_links = w.n_opens = 0;
	w.at_fd = -EBADF;
	w.done_len = 0;
	memcpy(w.rest, path, len + 1);
	w.next = w.rest;
	r = walk_run(&w);
	fd_close(&w.at_fd);
	return r;
}
