/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - descriptors with an owner, and whole files read and written.
 *
 * A signal handler of the caller must not turn into a failed container, so every
 * call that may be interrupted is begun again.
 */
#include "base/file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"

#define FIRST_READ 4095 /* for files whose size says nothing (procfs) */

void fd_close(int *fd)
{
	/* Linux frees the number even when close() fails: never try again. */
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -EBADF;
}

void cleanup_free(void *p)
{
	free(*(void **)p);
}

static int open_at(int dir_fd, const char *path, int flags, unsigned mode)
{
	int fd;

	do {
		fd = openat(dir_fd, path, flags | O_CLOEXEC | O_NOCTTY, (mode_t)mode);
	} while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

ssize_t file_read_fd(int fd, void *buf, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, (char *)buf + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

int file_write_fd(int fd, const void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, (const char *)buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}

static ssize_t read_once(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, buf, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Terminate what was read, without its last newline. */
static ssize_t end_text(char *buf, size_t size, ssize_t n)
{
	if (n >= 0 && (size_t)n == size)
		n = -EFBIG;
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

ssize_t file_read_at(int dir_fd, const char *path, char *buf, size_t size)
{
	autofd int fd = -EBADF;

	if (size == 0)
		return -EINVAL;
	buf[0] = '\0';
	fd = open_at(dir_fd, path, O_RDONLY, 0);
	if (fd < 0)
		return fd;
	return end_text(buf, size, file_read_fd(fd, buf, size));
}

ssize_t file_read_once_at(int dir_fd, const char *path, char *buf, size_t size)
{
	autofd int fd = -EBADF;

	if (size == 0)
		return -EINVAL;
	buf[0] = '\0';
	fd = open_at(dir_fd, path, O_RDONLY, 0);
	if (fd < 0)
		return fd;
	return end_text(buf, size, read_once(fd, buf, size));
}

/*
 * Up to limit bytes; `expected` is the size of the first buffer, right or not. A regular
 * file that says its size gives less than is asked for at its end only.
 */
static int read_all(int fd, bool regular, size_t expected, size_t limit, char **ret,
		    size_t *ret_len)
{
	autofree char *buf = NULL;
	size_t len = 0, cap = (expected < limit ? expected : limit) + 1;

	for (;;) {
		char *grown = realloc(buf, cap + 1);
		ssize_t n;

		if (!grown)
			return -ENOMEM;
		buf = grown;
		n = regular ? read_once(fd, buf + len, cap - len)
			    : file_read_fd(fd, buf + len, cap - len);
		if (n < 0)
			return (int)n;
		len += (size_t)n;
		if (len > limit)
			return -EFBIG;
		if (len < cap)
			break;
		cap = cap > limit / 2 ? limit + 1 : cap * 2;
	}
	buf[len] = '\0';
	*ret = buf;
	*ret_len = len;
	buf = NULL;
	return 0;
}

int file_read_all_at(int dir_fd, const char *path, size_t limit, bool regular, char **ret,
		     size_t *ret_len)
{
	autofd int fd = -EBADF;
	size_t expected = FIRST_READ;
	struct stat st;

	if (limit > SSIZE_MAX - 2)
		limit = SSIZE_MAX - 2;
	/* A FIFO must not hold us up before it is seen to be one. */
	fd = open_at(dir_fd, path, O_RDONLY | (regular ? O_NONBLOCK : 0), 0);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (regular && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (regular && !S_ISREG(st.st_mode))
		return -EINVAL;
	if (S_ISREG(st.st_mode) && st.st_size > 0) {
		if ((uintmax_t)st.st_size > limit)
			return -EFBIG;
		expected = (size_t)st.st_size;
	}
	return read_all(fd, S_ISREG(st.st_mode) && st.st_size > 0, expected, limit, ret,
			ret_len);
}

int file_put_at(int dir_fd, const char *path, const char *text)
{
	autofd int fd = open_at(dir_fd, path, O_WRONLY, 0);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

/* "dir/name" -> "dir/.name.tmp" */
static int sibling(const char *path, char *buf, size_t size)
{
	const char *name = path_base(path);
	int r;

	if (!*name)
		return -EISDIR;
	r = str_format(buf, size, "%.*s.%s.tmp", (int)(name - path), path, name);
	return r < 0 ? r : 0;
}

/* What a writer that crashed has left is in the way once. */
static int open_new(int dir_fd, const char *path, unsigned mode)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
	int fd = open_at(dir_fd, path, flags, mode);

	if (fd != -EEXIST)
		return fd;
	if (unlinkat(dir_fd, path, 0) < 0 && errno != ENOENT)
		return -errno;
	return open_at(dir_fd, path, flags, mode);
}

static int write_new(int *fd, const void *buf, size_t len, bool durable)
{
	int r = file_write_fd(*fd, buf, len);

	if (r < 0)
		return r;
	if (durable && fsync(*fd) < 0)
		return -errno;
	/* Network file systems tell a failed write only now. */
	if (close(take_fd(fd)) < 0 && errno != EINTR)
		return -errno;
	return 0;
}

int file_replace_at(int dir_fd, const char *path, const void *buf, size_t len,
		    unsigned mode, bool durable)
{
	autofd int fd = -EBADF;
	char temp[PATH_MAX];
	int r = sibling(path, temp, sizeof(temp));

	if (r < 0)
		return r;
	fd = open_new(dir_fd, temp, mode);
	if (fd < 0)
		return fd;
	r = write_new(&fd, buf, len, durable);
	if (r == 0 && renameat(dir_fd, temp, dir_fd, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dir_fd, temp, 0);
	return r;
}

int file_create_at(int dir_fd, const char *path, const void *buf, size_t len,
		   unsigned mode)
{
	autofd int fd = open_at(dir_fd, path, O_WRONLY | O_CREAT | O_EXCL, mode);
	int r;

	if (fd < 0)
		return fd;
	r = write_new(&fd, buf, len, false);
	if (r < 0)
		(void)unlinkat(dir_fd, path, 0);
	return r;
}

int file_append_at(int dir_fd, const char *path, const void *buf, size_t len,
		   unsigned mode)
{
	/* A FIFO that nobody reads must not hold us up. */
	autofd int fd =
		open_at(dir_fd, path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, mode);

	return fd < 0 ? fd : file_write_fd(fd, buf, len);
}

static int make_dir(int dir_fd, const char *path, unsigned mode)
{
	struct stat st;

	if (mkdirat(dir_fd, path, (mode_t)mode) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (fstatat(dir_fd, path, &st, 0) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int file_mkdir_all_at(int dir_fd, const char *path, unsigned mode)
{
	char prefix[PATH_MAX];
	int r = make_dir(dir_fd, path, mode);

	if (r != -ENOENT || !*path)
		return r;
	/* A parent is missing: make each prefix, shortest first. */
	r = str_format(prefix, sizeof(prefix), "%s", path);
	if (r < 0)
		return r;
	for (char *p = prefix + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		r = make_dir(dir_fd, prefix, mode);
		*p = '/';
		if (r < 0)
			return r;
	}
	return make_dir(dir_fd, path, mode);
}

int file_realpath(const char *path, char **ret)
{
	char *real = realpath(path, NULL);

	if (!real)
		return -errno;
	*ret = real;
	return 0;
}
