/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - between `create` and `start`: two FIFOs in the state directory.
 *
 * `go`: init has it open for reading and writing and blocks in read(2); a byte lets
 * it go, and because it is close-on-exec, opening it for writing tells whether an
 * init still waits (ENXIO: none). `why`: init has the write end; end of file means
 * that execve has happened, a struct err says why not (one write <= PIPE_BUF).
 * Init opens nothing itself: after setuid or in a user namespace it could not.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
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

/* What came through `why` before its end. */
static int read_why(int why_fd, struct err *e)
{
	struct err sent;
	ssize_t n = sys_read(why_fd, &sent, sizeof(sent));

	if (n == 0)
		return 0;
	if (n < 0)
		return err_sys(e, (int)n, "read", "why");
	if (n != (ssize_t)sizeof(sent))
		return err_protocol(e, "%zd bytes from init instead of an error", n);
	err_sanitize(&sent);
	if (e)
		*e = sent;
	return -sent.code;
}

int boot_start(int dir_fd, int pidfd, struct err *e)
{
	autofd int why_fd = -EBADF, go_fd = -EBADF;
	struct pollfd fds[2];
	int r;

	why_fd = sys_openat(dir_fd, "why", O_RDONLY | O_NONBLOCK, 0);
	if (why_fd < 0)
		return err_sys(e, why_fd, "open", "why");
	go_fd = sys_openat(dir_fd, "go", O_WRONLY | O_NONBLOCK, 0);
	if (go_fd == -ENXIO)
		return err_state(e, -EBUSY, "cannot start an already running container");
	if (go_fd < 0)
		return err_sys(e, go_fd, "open", "go");
	r = file_write_fd(go_fd, "1", 1);
	if (r < 0)
		return err_sys(e, r, "write", "go");

	fds[0] = (struct pollfd){ .fd = why_fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	r = sys_poll(fds, 2, -1);
	if (r < 0)
		return err_sys(e, r, "poll", "why");
	if (fds[0].revents)
		return read_why(why_fd, e);
	/* It died; what it wrote before is still in the FIFO we hold open. */
	r = read_why(why_fd, e);
	return r < 0 ? r
		     : err_state(e, -ECHILD,
				 "init was killed before the program started");
}
