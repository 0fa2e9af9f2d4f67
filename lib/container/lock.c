/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock.c - flock on the state directory; see lock.h.
 *
 * The directory may be removed, and made again by another create, while we wait: a
 * lock only counts if the name still leads to what was locked.
 */
#include "container/lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/err.h"
#include "base/file.h"
#include "container/container.h"
#include "kernel/file.h"
#include "kernel/process.h"

static int still_there(struct tare_container *c, int fd)
{
	struct stat mine, named;
	int r = sys_fstat(fd, &mine);

	if (r >= 0)
		r = sys_fstatat(c->root_fd, c->held.id, &named, AT_SYMLINK_NOFOLLOW);
	if (r < 0)
		return r;
	return mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

static int open_dir(struct tare_container *c)
{
	return sys_openat(c->root_fd, c->held.id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/* Before the lock is tried again: the pauses grow. */
static int pause_before(struct tare_container *c, int64_t deadline, unsigned *pause_ms,
			int timeout_ms, struct err *e)
{
	int r;

	if (sys_clock_ms() >= deadline)
		return err_state(e, -EBUSY,
				 "another command has worked on container '%s' for %d s",
				 c->held.id, timeout_ms / 1000);
	r = sys_sleep_ms(*pause_ms);
	if (r < 0)
		return err_sys(e, r, "nanosleep", c->held.state_dir);
	*pause_ms = *pause_ms < 20 ? *pause_ms * 2 : 20;
	return 0;
}

int lock_take(struct tare_container *c, int timeout_ms, struct err *e)
{
	int64_t deadline = sys_clock_ms() + timeout_ms;
	unsigned pause_ms = 1;

	if (c->locked)
		return 0;
	for (;;) {
		autofd int fd = open_dir(c);
		int r;

		if (fd == -ENOENT)
			return err_state(e, -ENOENT, "container does not exist");
		if (fd < 0)
			return err_sys(e, fd, "open", c->held.state_dir);
		r = sys_flock(fd, LOCK_EX | LOCK_NB);
		if (r >= 0 && still_there(c, fd) == 1) {
			fd_close(&c->dir_fd);
			c->dir_fd = take_fd(&fd);
			c->locked = true;
			return 0;
		}
		if (r < 0 && r != -EAGAIN)
			return err_sys(e, r, "flock", c->held.state_dir);
		r = pause_before(c, deadline, &pause_ms, timeout_ms, e);
		if (r < 0)
			return r;
	}
}

int lock_again(struct tare_container *c, int timeout_ms, struct err *e)
{
	int64_t deadline = sys_clock_ms() + timeout_ms;
	unsigned pause_ms = 1;

	if (c->locked)
		return 0;
	for (;;) {
		int r = sys_flock(c->dir_fd, LOCK_EX | LOCK_NB);

		if (r >= 0) {
			c->locked = still_there(c, c->dir_fd) == 1;
			if (c->locked)
				return 0;
			(void)sys_flock(c->dir_fd, LOCK_UN);
			return err_state(e, -ENOENT, "container does not exist");
		}
		if (r != -EAGAIN)
			return err_sys(e, r, "flock", c->held.state_dir);
		r = pause_before(c, deadline, &pause_ms, timeout_ms, e);
		if (r < 0)
			return r;
	}
}

void lock_drop(struct tare_container *c)
{
	if (!c->locked)
		return;
	(void)sys_flock(c->dir_fd, LOCK_UN);
	c->locked = false;
}

int lock_is_busy(struct tare_container *c)
{
	autofd int fd = -EBADF;
	int r;

	if (c->locked)
		return 0;
	fd = open_dir(c);
	if (fd < 0)
		return fd;
	r = sys_flock(fd, LOCK_SH | LOCK_NB);
	return r == -EAGAIN ? 1 : r;
}
