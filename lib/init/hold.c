/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - between `create` and `start`: two FIFOs in the state directory.
 *
 * `go`: init has it open for reading and writing and blocks in read(2); a byte lets
 * it go, and because it is close-on-exec, opening it for writing tells whether an
 * init still waits (ENXIO: none). `why`: init has the write end; a byte and then the end
 * of file mean that execve has happened, a struct err says why not (one write <=
 * PIPE_BUF), the end alone that init was killed before it came to that.
 * Init opens nothing itself: after setuid or in a user namespace it could not.
 *
 * Of several `start` at a time each could write its byte before init has read one. So
 * the one that removes the name `go` is the one that starts; `why` is its alone, too,
 * as what one of two readers has taken the other one does not see.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "init/boot.h"
#include "kernel/file.h"
#include "kernel/process.h"

static int make_fifo(int dir_fd, const char *name, struct err *e)
{
	int r = sys_mknodat(dir_fd, name, S_IFIFO | 0600, 0);

	return r < 0 ? err_sys(e, r, "mkfifo", name) : 0;
}

int boot_make_fifos(int dir_fd, struct boot *b, struct err *e)
{
	autofd int reader_fd = -EBADF;
	int r = make_fifo(dir_fd, "go", e);

	if (r >= 0)
		r = make_fifo(dir_fd, "why", e);
	if (r < 0)
		return r;
	b->go_fd = sys_openat(dir_fd, "go", O_RDWR, 0);
	if (b->go_fd < 0)
		return err_sys(e, b->go_fd, "open", "go");
	/* A write end can only be opened while there is a reader. */
	reader_fd = sys_openat(dir_fd, "why", O_RDONLY | O_NONBLOCK, 0);
	if (reader_fd < 0)
		return err_sys(e, reader_fd, "open", "why");
	b->why_fd = sys_openat(dir_fd, "why", O_WRONLY, 0);
	if (b->why_fd < 0)
		return err_sys(e, b->why_fd, "open", "why");
	return 0;
}

int init_hold(struct boot *b, struct err *e)
{
	char byte;
	ssize_t n = sys_read(b->go_fd, &byte, 1);

	if (n != 1)
		return err_sys(e, n < 0 ? (int)n : -EIO, "read", "go");
	fd_close(&b->go_fd);
	return 0;
}

int boot_is_waiting(int dir_fd)
{
	autofd int go_fd = sys_openat(dir_fd, "go", O_WRONLY | O_NONBLOCK, 0);

	if (go_fd >= 0)
		return 1;
	return go_fd == -ENXIO || go_fd == -ENOENT ? 0 : go_fd;
}

ssize_t init_say_ready(const struct boot *b)
{
	return b->why_fd >= 0 ? sys_write_no_sigpipe(b->why_fd, "", 1) : 0;
}

/* All that comes through `why`, until its end or that of init: how much, or -errno. */
static ssize_t read_to_end(int why_fd, int pidfd, char *buf, size_t size)
{
	struct pollfd fds[] = {
		{ .fd = why_fd, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};
	size_t len = 0;

	while (len < size) {
		int r = sys_poll(fds, N_ELEMENTS(fds), -1);
		ssize_t n = r < 0 ? r : sys_read(why_fd, buf + len, size - len);

		/* Init is dead: what it wrote before was there to be read. */
		if (n == 0 || (n == -EAGAIN && fds[1].revents))
			break;
		if (n < 0 && n != -EAGAIN)
			return n;
		len += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

static int read_why(int why_fd, int pidfd, struct err *e)
{
	char buf[1 + sizeof(struct err)];
	ssize_t n = read_to_end(why_fd, pidfd, buf, sizeof(buf));
	struct err sent;

	if (n < 0)
		return err_sys(e, (int)n, "read", "why");
	if (n == 0)
		return err_state(e, -ECHILD,
				 "init was killed before the program started");
	if (n == 1)
		return 0;
	if (n < (ssize_t)sizeof(sent))
		return err_protocol(e, "%zd bytes from init instead of an error", n);
	memcpy(&sent, buf + n - sizeof(sent), sizeof(sent));
	err_sanitize(&sent);
	if (e)
		*e = sent;
	return -sent.code;
}

static int let_go(int dir_fd, struct err *e)
{
	autofd int go_fd = sys_openat(dir_fd, "go", O_WRONLY | O_NONBLOCK, 0);
	int r = go_fd < 0 ? go_fd : sys_unlinkat(dir_fd, "go", 0);

	if (r == -ENXIO || r == -ENOENT)
		return err_state(e, -EBUSY, "cannot start an already running container");
	if (r < 0)
		return err_sys(e, r, "open", "go");
	r = file_write_fd(go_fd, "1", 1);
	return r < 0 ? err_sys(e, r, "write", "go") : 0;
}

int boot_start(int dir_fd, int pidfd, struct err *e)
{
	autofd int why_fd = -EBADF;
	int r;

	why_fd = sys_openat(dir_fd, "why", O_RDONLY | O_NONBLOCK, 0);
	if (why_fd < 0)
		return err_sys(e, why_fd, "open", "why");
	r = let_go(dir_fd, e);
	return r < 0 ? r : read_why(why_fd, pidfd, e);
}
