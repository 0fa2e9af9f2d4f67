/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enter.c - init's side: walk init_steps[], report, never return.
 *
 * Runs on a copy of the host's address space after the clone: system calls and the
 * stack only, no allocation, nothing freed.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "init/boot.h"
#include "init/channel.h"
#include "init/fault.h"
#include "kernel/file.h"
#include "kernel/process.h"

/* Before CREATED over the channel; later, where somebody waits in `start`, by the FIFO.
 */
static void report(struct boot *b, const struct err *e)
{
	if (b->init_chan_fd >= 0)
		(void)chan_send(b->init_chan_fd, CHAN_ERROR, 0, e, sizeof(*e), -EBADF);
	else if (b->why_fd >= 0)
		(void)sys_write_no_sigpipe(b->why_fd, e, sizeof(*e));
}

static void log_to_host(void *ctx, enum log_level level, const char *text)
{
	const struct boot *b = ctx;
	size_t len = strlen(text);

	if (b->init_chan_fd < 0)
		return;
	if (len >= CHAN_TEXT_SIZE)
		len = CHAN_TEXT_SIZE - 1;
	(void)chan_send(b->init_chan_fd, CHAN_LOG, (uint32_t)level, text, len, -EBADF);
}

static int run_step(struct boot *b, const struct init_step *s, struct err *e)
{
	int r = fault_point(s->name, FAULT_BEFORE, b->init_chan_fd, -EBADF, e);

	if (r >= 0)
		r = s->run(b, e);
	if (r >= 0)
		r = fault_point(s->name, FAULT_AFTER, b->init_chan_fd, -EBADF, e);
	if (r < 0 && !e->code)
		err_sys(e, r, "step",
			s->name); /* a bug, but the cause must not be lost */
	return r < 0 ? err_step(e, r, s->name, s->field) : 0;
}

_Noreturn void init_main(struct boot *b)
{
	unsigned when = b->plan->is_exec ? WHEN_EXEC : WHEN_CREATE;
	struct err e = { 0 };

	log_set_sink(log_to_host, b, log_threshold());
	for (size_t i = 0; i < n_init_steps; i++) {
		if (!(init_steps[i].when & when))
			continue;
		b->crumb->step = (int)i;
		if (run_step(b, &init_steps[i], &e) < 0)
			break;
	}
	report(b, &e);
	_exit(1);
}

/* The parent may have died before PDEATHSIG was armed, and getppid() is 0 in a pid
 * namespace. */
static int host_is_there(const struct boot *b)
{
	struct pollfd fd = { .fd = b->init_chan_fd, .events = 0 };
	int r;

	if (b->init_chan_fd < 0)
		return 0;
	r = sys_poll(&fd, 1, 0);
	if (r < 0)
		return r;
	return fd.revents & (POLLHUP | POLLERR) ? -ESRCH : 0;
}

int init_bind_to_host(struct boot *b, struct err *e)
{
	int r = sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);

	if (r < 0)
		return err_sys(e, r, "prctl", "PR_SET_PDEATHSIG");
	r = host_is_there(b);
	return r < 0 ? err_sys(e, r, "poll", "bootstrap channel") : 0;
}

/* The answer to what the stage before us sent as its last act. */
static int await_adoption(struct boot *b, struct err *e)
{
	struct chan_msg m = { .fd = -EBADF };
	int r = chan_recv(b->init_chan_fd, &m, e);

	if (r < 0)
		return r;
	fd_close(&m.fd);
	if (r == 0 || m.type != CHAN_OK)
		return err_protocol(e, "the host did not accept the next stage of init");
	return 0;
}

int init_next_stage(struct boot *b, struct err *e)
{
	autofd int pidfd = -EBADF;
	pid_t pid = sys_clone3(CLONE_PARENT, -EBADF, &pidfd);
	int r;

	if (pid < 0)
		return err_sys(e, pid, "clone3", "next stage of init");
	if (pid > 0) {
		r = chan_send(b->init_chan_fd, CHAN_PID, (uint32_t)pid, NULL, 0, pidfd);
		/* It waits for an answer of a host that has not heard of it. */
		if (r < 0)
			(void)sys_pidfd_send_signal(pidfd, SIGKILL);
		_exit(r < 0);
	}
	r = init_bind_to_host(b, e);
	return r < 0 ? r : await_adoption(b, e);
}
