/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - descriptors with an owner, and whole files read and written.
 *
 * A descriptor variable is called *_fd, is initialised to -EBADF and is owned if
 * and only if it is declared autofd or sits in a struct that has a _close();
 * parameters are borrowed, and ownership moves by take_fd() alone.
 * All functions return 0 or more on success, a negative errno otherwise, and
 * every descriptor they open is O_CLOEXEC.
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Close *fd if it is open and make it -EBADF. */
void fd_close(int *fd);

static inline void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		fd_close(fd);
}
#define autofd __attribute__((cleanup(cleanup_fd)))

static inline int take_fd(int *fd)
{
	int v = *fd;

	*fd = -EBADF;
	return v;
}

void cleanup_free(void *p); /* p is the address of a pointer */
#define autofree __attribute__((cleanup(cleanup_free)))

/* Read at most size bytes until end of file; EINTR is restarted. */
ssize_t file_read_fd(int fd, void *buf, size_t size);

/* Write all of it or fail; a short write continues. */
int file_write_fd(int fd, const void *buf, size_t len);

/*
 * Read a whole small file (procfs, cgroupfs, state) into buf and terminate it;
 * a trailing newline is cut off. -EFBIG when it does not fit. Returns the length.
 */
ssize_t file_read_at(int dir_fd, const char *path, char *buf, size_t size);

/* The same by one read(2): for what the kernel hands out whole, one value or record. */
ssize_t file_read_once_at(int dir_fd, const char *path, char *buf, size_t size);

/*
 * The same into malloc()ed memory, byte for byte and terminated, limit bytes at most
 * (-EFBIG); regular files only if regular (-EISDIR, else -EINVAL).
 */
int file_read_all_at(int dir_fd, const char *path, size_t limit, bool regular, char **ret,
		     size_t *ret_len);

/* Open an existing file O_WRONLY and write buf in one write(2) (procfs, cgroupfs). */
int file_put_at(int dir_fd, const char *path, const char *text);

/*
 * Replace path atomically: a temporary sibling opened O_EXCL, written, fsync()ed
 * only if durable, renamed. Nothing is left when it fails. One writer at a time: the
 * sibling has one name, so that what a crash leaves is gone with the next write.
 */
int file_replace_at(int dir_fd, const char *path, const void *buf, size_t len,
		    unsigned mode, bool durable);

/* Write a new file; -EEXIST when there is one of that name. Removed when it fails. */
int file_create_at(int dir_fd, const char *path, const void *buf, size_t len,
		   unsigned mode);

/* Append in one write(2), so that writers do not mix; a missing file is made. */
int file_append_at(int dir_fd, const char *path, const void *buf, size_t len,
		   unsigned mode);

/* mkdir -p below dir_fd for trusted paths of ours (state root); -EEXIST is success. */
int file_mkdir_all_at(int dir_fd, const char *path, unsigned mode);

/* The path without symlinks, "." and "..", malloc()ed into *ret. */
int file_realpath(const char *path, char **ret);
