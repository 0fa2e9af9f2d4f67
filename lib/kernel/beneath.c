/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beneath.c - the one way to reach a path inside a rootfs; see beneath.h.
 *
 * Existing paths: openat2(2) with RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS. New
 * ones: the longest prefix that exists is opened so, the rest is made one component
 * at a time relative to the descriptor of its parent by mkdirat and O_EXCL, neither
 * of which follows a link. A symlink that leads nowhere is refused: what its text
 * names would have to be made instead, and the text is the image's.
 *
 * The functions that create clean the path first, so ".." there is lexical.
 */
#include "kernel/beneath.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "kernel/beneath-walk.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/process.h"

#define DEADLINE_MS 1000

static int try_resolve(int root_fd, const char *path, int flags, uint64_t resolve)
{
	int fd = sys_openat2(root_fd, path, flags, 0,
			     RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve);

	if (fd != -ENOSYS && fd != -E2BIG)
		return fd;
	return beneath_walk(root_fd, path, flags, resolve & RESOLVE_NO_SYMLINKS);
}

/*
 * EAGAIN: a rename or mount anywhere on the machine came in between while ".." or
 * an absolute link was resolved, and the kernel cannot tell that it did not matter.
 */
static int resolve_in_root(int root_fd, const char *path, int flags, uint64_t resolve)
{
	int64_t deadline = 0;

	/* Here nothing is made: O_CREAT would follow a last link to a missing file. */
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE)
		return -EINVAL;
	for (;;) {
		int fd = try_resolve(root_fd, path, flags, resolve);

		if (fd != -EAGAIN)
			return fd;
		if (!deadline)
			deadline = sys_clock_ms() + DEADLINE_MS;
		else if (sys_clock_ms() >= deadline)
			return fd;
	}
}

/* Does fd refer to a symlink? Only an O_PATH | O_NOFOLLOW open yields one. */
static int check_no_link(int fd)
{
	struct stat st;
	int r = sys_fstat(fd, &st);

	if (r < 0)
		return r;
	return S_ISLNK(st.st_mode) ? -ELOOP : 0;
}

int beneath_open(int root_fd, const char *path, int flags)
{
	return resolve_in_root(root_fd, path, flags, 0);
}

int beneath_open_nofollow(int root_fd, const char *path, int flags)
{
	autofd int link_fd = -EBADF;
	autofd int fd = resolve_in_root(root_fd, path, flags | O_NOFOLLOW, 0);
	int r = fd < 0 ? fd : 0;

	if (flags & O_PATH && fd >= 0)
		r = check_no_link(fd);
	if (r == -ENOTDIR && flags & O_DIRECTORY) {
		/* With O_DIRECTORY a link is said to be no directory. */
		link_fd = resolve_in_root(root_fd, path, O_PATH | O_NOFOLLOW, 0);
		if (link_fd >= 0 && check_no_link(link_fd) == -ELOOP)
			r = -ELOOP;
	}
	return r < 0 ? r : take_fd(&fd);
}

int beneath_open_strict(int root_fd, const char *path, int flags)
{
	/* O_NOFOLLOW would let an O_PATH open return a link instead of refusing it. */
	return resolve_in_root(root_fd, path, flags & ~O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
}

/*
 * "a/b" of any spelling of it, "" for the root: absolute for path_clean(), so that
 * no ".." is left, then relative.
 */
static int clean(const char *path, char buf[PATH_MAX])
{
	char absolute[PATH_MAX + 1];
	size_t len = strlen(path);
	int r;

	if (!len)
		return -ENOENT;
	if (len + 1 >= sizeof(absolute))
		return -ENAMETOOLONG;
	absolute[0] = '/';
	memcpy(absolute + 1, path, len + 1);
	r = path_clean(absolute, buf, PATH_MAX);
	if (r < 0)
		return r;
	memmove(buf, buf + 1, strlen(buf));
	return 0;
}

/* For openat2, to which "" is nothing. */
static const char *or_root(const char *cleaned)
{
	return *cleaned ? cleaned : "/";
}

/*
 * Undo the umask on a directory just made. By a descriptor of it: fchmodat follows
 * links, and fchmod wants more than O_PATH.
 */
static int fix_dir_mode(int path_fd, unsigned have, unsigned want)
{
	autofd int fd = -EBADF;

	want &= 01777;
	if ((have & 01777) == want)
		return 0;
	fd = sys_openat(path_fd, ".", O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	return sys_fchmod(fd, want | (have & S_ISGID)); /* set-group-ID is inherited */
}

/*
 * Make or enter directory `name`, which was not there a moment ago; *ret_made when
 * it was us. That another process made it is fine, that it is a symlink is not.
 */
static int make_dir(int parent_fd, const char *name, unsigned mode, bool *ret_made)
{
	int r = sys_mkdirat(parent_fd, name, mode);
	bool made = r == 0;
	autofd int fd = -EBADF;
	struct stat st;

	if (r < 0 && r != -EEXIST)
		return r;
	fd = sys_openat(parent_fd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	r = sys_fstat(fd, &st);
	if (r < 0)
		return r;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	r = made ? fix_dir_mode(fd, st.st_mode, mode) : 0;
	if (r < 0)
		return r;
	*ret_made = made;
	return take_fd(&fd);
}

/* The length of the parent's path. */
static size_t parent_len(const char *path, size_t len)
{
	while (len > 0 && path[len - 1] != '/')
		len--;
	return len > 0 ? len - 1 : 0;
}

/*
 * Open the longest prefix of a cleaned path that exists; *ret_len is its length. The
 * whole of it was missing a moment ago if is_missing.
 */
static int open_prefix(int root_fd, const char *path, bool is_missing, size_t *ret_len)
{
	char prefix[PATH_MAX];
	size_t len = strlen(path);

	memcpy(prefix, path, len + 1);
	if (is_missing)
		len = parent_len(prefix, len);
	for (;;) {
		int fd;

		prefix[len] = '\0';
		fd = resolve_in_root(root_fd, or_root(prefix), O_PATH | O_DIRECTORY, 0);
		if (fd != -ENOENT || !len) {
			*ret_len = len;
			return fd;
		}
		len = parent_len(prefix, len);
	}
}

/* *ret_made: the last component of the cleaned path was not there. */
static int make_path(int root_fd, const char *path, bool is_missing, unsigned mode,
		     bool *ret_made)
{
	size_t len;
	bool made = false;
	autofd int fd = open_prefix(root_fd, path, is_missing, &len);

	if (fd < 0)
		return fd;
	for (const char *s = path + len; *s;) {
		char name[NAME_MAX + 1];
		int child_fd;

		s += *s == '/';
		len = strcspn(s, "/");
		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, s, len);
		name[len] = '\0';
		s += len;
		child_fd = make_dir(fd, name, mode, &made);
		fd_close(&fd);
		fd = child_fd;
		if (fd < 0)
			return fd;
	}
	*ret_made = made;
	return take_fd(&fd);
}

int beneath_mkdir_all(int root_fd, const char *path, unsigned mode)
{
	char cleaned[PATH_MAX];
	bool made;
	int r = clean(path, cleaned);

	if (r < 0)
		return r;
	return make_path(root_fd, cleaned, false, mode, &made);
}

int beneath_parent(int root_fd, const char *path, bool make_parents, char *name,
		   size_t size)
{
	char cleaned[PATH_MAX];
	const char *base;
	char *slash;
	bool made;
	int r = clean(path, cleaned);

	if (r < 0)
		return r;
	slash = strrchr(cleaned, '/');
	base = slash ? slash + 1 : cleaned;
	if (!*base)
		return -EINVAL;
	if (strlen(base) >= size || strlen(base) > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, base, strlen(base) + 1);
	if (slash)
		*slash = '\0';
	else
		cleaned[0] = '\0';
	if (make_parents)
		return make_path(root_fd, cleaned, false, 0755, &made);
	return resolve_in_root(root_fd, or_root(cleaned), O_PATH | O_DIRECTORY, 0);
}

/* An empty file that was not there: *ret_made. -EEXIST when it was after all. */
static int make_file(int root_fd, const char *path, bool *ret_made)
{
	char name[NAME_MAX + 1];
	struct stat made, found;
	autofd int parent_fd = beneath_parent(root_fd, path, true, name, sizeof(name));
	autofd int file_fd = -EBADF;
	autofd int fd = -EBADF;
	int r;

	if (parent_fd < 0)
		return parent_fd;
	file_fd = sys_openat(parent_fd, name,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY, 0644);
	if (file_fd < 0)
		return file_fd;
	r = sys_fchmod(file_fd, 0644);
	if (r < 0)
		return r;
	fd = sys_openat(parent_fd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	r = sys_fstat(file_fd, &made);
	if (r == 0)
		r = sys_fstat(fd, &found);
	if (r < 0)
		return r;
	if (S_ISLNK(found.st_mode))
		return -ELOOP;
	if (made.st_dev != found.st_dev || made.st_ino != found.st_ino)
		return -EAGAIN; /* exchanged by someone who has no business here */
	*ret_made = true;
	return take_fd(&fd);
}

int beneath_open_or_make(int root_fd, const char *path, bool is_dir, bool *ret_made)
{
	char cleaned[PATH_MAX];
	bool made = false;
	int fd, r = clean(path, cleaned);

	if (r < 0)
		return r;
	fd = resolve_in_root(root_fd, or_root(cleaned), O_PATH, 0);
	if (fd == -ENOENT) {
		fd = is_dir ? make_path(root_fd, cleaned, true, 0755, &made)
			    : make_file(root_fd, cleaned, &made);
		if (fd == -EEXIST) {
			/* Made by another in between; or a link to nowhere. */
			fd = resolve_in_root(root_fd, cleaned, O_PATH, 0);
			if (fd == -ENOENT)
				return -ELOOP;
		}
	}
	if (fd < 0)
		return fd;
	*ret_made = made;
	return fd;
}
