/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copyup.c - tmpcopyup: what a tmpfs hides is found in it.
 *
 * The source is the image's: every entry is opened relative to its directory and never
 * through a symlink, and only what turns out to be a regular file is read (a FIFO would
 * block). The destination is a tmpfs that nobody else sees yet. Recursive without heap,
 * so the depth has a limit.
 */
#include "mounts/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "kernel/file.h"

#define DEPTH_MAX 64 /* two descriptors and less than 8 KiB of stack each */
#define CHUNK     16384

struct copy {
	int to_fd;
	unsigned depth;
	const char *path; /* of the whole, for messages */
	struct err *e;
};

static int copy_below(int from_fd, struct copy *c);

static int refuse(const struct copy *c, int r, const char *name)
{
	return err_sysf(c->e, r, "tmpcopyup", "%s: %s", c->path, name);
}

/* chown clears the set-id bits, so the mode comes last. */
static int give_away(int fd, const struct stat *st)
{
	int r = sys_fchown(fd, st->st_uid, st->st_gid);

	return r < 0 ? r : sys_fchmod(fd, st->st_mode & 07777);
}

static __attribute__((noinline)) int copy_bytes(int from_fd, int to_fd)
{
	char buf[CHUNK];

	for (;;) {
		ssize_t n = sys_read(from_fd, buf, sizeof(buf));
		int r;

		if (n <= 0)
			return (int)n;
		r = file_write_fd(to_fd, buf, (size_t)n);
		if (r < 0)
			return r;
	}
}

static int copy_file(int dir_fd, int to_dir_fd, const char *name)
{
	autofd int from_fd = -EBADF, to_fd = -EBADF;
	struct stat st;
	int r;

	from_fd = sys_openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
			     0);
	if (from_fd < 0)
		return from_fd;
	r = sys_fstat(from_fd, &st);
	if (r < 0)
		return r;
	if (!S_ISREG(st.st_mode))
		return -ESTALE; /* it was one a moment ago */
	to_fd = sys_openat(to_dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
			   0600);
	if (to_fd < 0)
		return to_fd;
	r = copy_bytes(from_fd, to_fd);
	return r < 0 ? r : give_away(to_fd, &st);
}

static __attribute__((noinline)) int copy_link(int dir_fd, int to_fd, const char *name,
					       const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = sys_readlinkat(dir_fd, name, target, sizeof(target));
	int r;

	if (n < 0)
		return (int)n;
	r = sys_symlinkat(target, to_fd, name);
	if (r < 0)
		return r;
	return sys_fchownat(to_fd, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
}

static int copy_node(int to_fd, const char *name, const struct stat *st)
{
	int r = sys_mknodat(to_fd, name, (st->st_mode & S_IFMT) | 0600, st->st_rdev);

	if (r >= 0)
		r = sys_fchownat(to_fd, name, st->st_uid, st->st_gid,
				 AT_SYMLINK_NOFOLLOW);
	/* Follows links, but here is none: only we write below to_fd. */
	return r < 0 ? r : sys_fchmodat(to_fd, name, st->st_mode & 07777);
}

static int copy_dir(int dir_fd, const char *name, const struct copy *c)
{
	autofd int from_fd = -EBADF, to_fd = -EBADF;
	struct copy below = { .depth = c->depth + 1, .path = c->path, .e = c->e };
	struct stat st;
	int r;

	if (below.depth > DEPTH_MAX)
		return err_sys_msg(c->e, -ELOOP, "tmpcopyup", c->path,
				   "more than %d directories deep", DEPTH_MAX);
	from_fd = sys_openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (from_fd < 0)
		return refuse(c, from_fd, name);
	r = sys_fstat(from_fd, &st);
	if (r >= 0)
		r = sys_mkdirat(c->to_fd, name, 0700);
	if (r < 0)
		return refuse(c, r, name);
	to_fd = sys_openat(c->to_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (to_fd < 0)
		return refuse(c, to_fd, name);
	below.to_fd = to_fd;
	r = copy_below(from_fd, &below);
	if (r < 0)
		return r;
	r = give_away(to_fd, &st);
	return r < 0 ? refuse(c, r, name) : 0;
}

static int copy_entry(void *ctx, int dir_fd, const char *name, unsigned char d_type)
{
	struct copy *c = ctx;
	struct stat st;
	int r = sys_fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW);

	(void)d_type;
	if (r < 0)
		return refuse(c, r, name);
	if (S_ISDIR(st.st_mode))
		return copy_dir(dir_fd, name, c);
	if (S_ISREG(st.st_mode))
		r = copy_file(dir_fd, c->to_fd, name);
	else if (S_ISLNK(st.st_mode))
		r = copy_link(dir_fd, c->to_fd, name, &st);
	else
		r = copy_node(c->to_fd, name, &st);
	return r < 0 ? refuse(c, r, name) : 0;
}

/* A failed entry has said what it is; a failed listing has not. */
static int copy_below(int from_fd, struct copy *c)
{
	int r = sys_dir_each(from_fd, copy_entry, c);

	if (r < 0 && !c->e->code)
		refuse(c, r, ".");
	return r;
}

int copyup(int from_fd, int to_fd, const char *path, struct err *e)
{
	struct err said = { 0 };
	struct copy c = { .to_fd = to_fd, .path = path, .e = &said };
	autofd int list_fd = sys_openat(from_fd, ".", O_RDONLY | O_DIRECTORY, 0);
	int r = list_fd < 0 ? refuse(&c, list_fd, ".") : copy_below(list_fd, &c);

	if (r < 0 && e)
		*e = said;
	return r;
}
