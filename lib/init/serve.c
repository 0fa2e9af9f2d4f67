/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve.c - the host's side of the bootstrap: one loop, one table of services.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "init/boot.h"
#include "init/channel.h"
#include "init/fault.h"
#include "kernel/file.h"
#include "kernel/ns.h"
#include "kernel/process.h"
#include "kernel/socket.h"
#include "linux/idmap.h"
#include "mounts/source.h"
#include "process/terminal.h"

typedef int service(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e);

static int serve_log(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	(void)ret_fd, (void)e;
	fault_heard(m->text, b->pidfd);
	log_text((enum log_level)m->arg, m->text);
	return 0;
}

/* A stage that entered a pid or user namespace has forked the real init and ended. */
static int serve_pid(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	siginfo_t info;
	int r;

	(void)ret_fd;
	r = sys_waitid_fd(b->pidfd, &info, WEXITED); /* sending was its last act */
	if (r < 0)
		return err_sys(e, r, "waitid", "first stage of init");
	fd_close(&b->pidfd);
	b->pidfd = take_fd(&m->fd);
	b->pid = (pid_t)m->arg;
	return 0;
}

static int serve_cgroup(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	(void)m, (void)ret_fd;
	if (!b->held)
		return err_protocol(e, "CGROUP without a cgroup");
	return cgroup_attach(b->held, b->pid, e);
}

static int serve_idmap(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	(void)m, (void)ret_fd;
	return idmap_host_write(b->plan, b->pid, e);
}

/*
 * In a child of the host that has joined init's mount namespace only: what it clones
 * there is locked as the user namespace wants it, and it may read what the caller may.
 */
static int open_source_inside(struct boot *b, uint32_t i, int sock_fd)
{
	struct err e = { 0 };
	int fd = -EBADF, r;

	r = sys_setns(b->pidfd, CLONE_NEWNS);
	if (r < 0)
		r = err_sys(&e, r, "setns", "mount namespace of init");
	else
		r = source_open(b->plan, i, &fd, &e);
	r = r < 0 ? chan_send(sock_fd, CHAN_ERROR, 0, &e, sizeof(e), -EBADF)
		  : chan_send(sock_fd, CHAN_OK, 0, NULL, 0, fd);
	return r < 0;
}

/*
 * A source may be on a file system that never answers. What does not die of the kill is
 * then left to whoever inherits it.
 */
static int await_source(struct boot *b, int sock_fd, int pidfd, struct err *e)
{
	struct pollfd fds[] = {
		{ .fd = sock_fd, .events = POLLIN },
		{ .fd = b->cancel_fd, .events = POLLIN },
	};
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int r = sys_poll(fds, N_ELEMENTS(fds), BOOT_DEADLINE_MS);
	siginfo_t info;

	if (r > 0 && !fds[1].revents)
		return 0;
	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	if (sys_poll(&end, 1, 1000) > 0)
		(void)sys_waitid_fd(pidfd, &info, WEXITED);
	if (r < 0)
		return err_sys(e, r, "poll", "mount source");
	if (fds[1].revents)
		return err_state(e, -EINTR, "interrupted by a signal");
	return err_state(e, -ETIMEDOUT, "a mount source could not be opened for %d s",
			 BOOT_DEADLINE_MS / 1000);
}

static int serve_source(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	autofd int host_fd = -EBADF, child_fd = -EBADF, pidfd = -EBADF;
	struct chan_msg answer = { .fd = -EBADF };
	int pair[2], r, got;
	siginfo_t info;

	if (m->arg >= b->plan->sources.n)
		return err_protocol(e, "SOURCE %u of %zu", m->arg, b->plan->sources.n);
	r = sys_socketpair_seqpacket(pair);
	if (r < 0)
		return err_sys(e, r, "socketpair", "mount source");
	host_fd = pair[0];
	child_fd = pair[1];
	r = sys_clone3(0, -EBADF, &pidfd);
	if (r == 0)
		_exit(open_source_inside(b, m->arg, child_fd));
	if (r < 0)
		return err_sys(e, r, "clone", "mount source");
	fd_close(&child_fd);
	r = await_source(b, host_fd, pidfd, e);
	if (r < 0)
		return r;
	got = chan_recv(host_fd, &answer, e);
	r = sys_waitid_fd(pidfd, &info, WEXITED);
	if (got < 0)
		return got;
	if (r < 0)
		return err_sys(e, r, "waitid", "mount source");
	if (got == 0)
		return err_protocol(e, "the helper that opens mount sources died");
	if (answer.type == CHAN_ERROR) {
		if (e)
			*e = answer.err;
		return -answer.err.code;
	}
	if (answer.fd < 0)
		return err_protocol(e, "mount source without a descriptor");
	*ret_fd = answer.fd;
	return 0;
}

/* The namespaces of init that a createContainer hook must see. */
static int hook_namespaces(const struct plan *p)
{
	return (int)((p->ns.new_flags | p->ns.join_flags) & ~(uint64_t)CLONE_NEWTIME);
}

static int serve_hooks(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	enum hook_kind kind = CHAN_HOOK_KIND(m->arg);
	const struct plan *p = b->plan;

	(void)ret_fd;
	if (kind >= HOOK_KINDS)
		return err_protocol(e, "HOOKS %u", m->arg);
	if (kind != HOOK_CREATE_CONTAINER)
		return hooks_run(p->spec, kind, &b->hook_state, "creating", b->pid,
				 -EBADF, 0, e);
	/* config.md: in the container's namespaces the pid is the one seen there. */
	return hooks_run(p->spec, kind, &b->hook_state, "creating", CHAN_HOOK_PID(m->arg),
			 b->pidfd, hook_namespaces(p), e);
}

static int serve_console(struct boot *b, struct chan_msg *m, int *ret_fd, struct err *e)
{
	(void)ret_fd;
	fd_close(&b->console_fd);
	b->console_fd = take_fd(&m->fd);
	if (!b->plan->options->console_socket)
		return 0; /* kept for the foreground */
	return terminal_host_send(b->plan->options->console_socket, b->console_fd, e);
}

static service *const services[CHAN_TYPES] = {
	[CHAN_LOG] = serve_log,         [CHAN_PID] = serve_pid,
	[CHAN_CGROUP] = serve_cgroup,   [CHAN_IDMAP] = serve_idmap,
	[CHAN_SOURCE] = serve_source,   [CHAN_HOOKS] = serve_hooks,
	[CHAN_CONSOLE] = serve_console,
};

/* Init is gone without an ERROR: what does its end say? */
static int boot_died(struct boot *b, struct err *e)
{
	const char *step = b->crumb ? init_step_name(b->crumb->step) : "";
	siginfo_t info = { 0 };
	int r = sys_waitid_fd(b->pidfd, &info, WEXITED);

	fd_close(&b->pidfd);
	b->pid = 0;
	if (r < 0)
		return err_sys(e, r, "waitid", "init");
	if (info.si_code == CLD_EXITED)
		r = err_state(e, -ECHILD, "init ended with status %d in step '%s'",
			      info.si_status, step);
	else
		r = err_state(e, -ECHILD, "init was killed by signal %d in step '%s'",
			      info.si_status, step);
	if (info.si_status == SIGKILL)
		err_hint(e, r,
			 "if nobody sent it, the memory limit was too small: "
			 "look for an out-of-memory kill in the kernel log");
	return r;
}

/* Wait until init says something: 1, or -errno. */
static int await_init(struct boot *b, struct err *e)
{
	struct pollfd fds[] = {
		{ .fd = b->chan_fd, .events = POLLIN },
		{ .fd = b->cancel_fd, .events = POLLIN },
	};
	int r = sys_poll(fds, N_ELEMENTS(fds), BOOT_DEADLINE_MS);

	if (r < 0)
		return err_sys(e, r, "poll", "bootstrap channel");
	if (r == 0)
		return err_state(e, -ETIMEDOUT, "init said nothing for %d s in step '%s'",
				 BOOT_DEADLINE_MS / 1000, init_step_name(b->crumb->step));
	if (fds[1].revents)
		return err_state(e, -EINTR, "interrupted by a signal");
	return 1;
}

static int serve_one(struct boot *b, struct chan_msg *m, struct err *e)
{
	autofd int reply_fd = -EBADF;
	struct err refusal = { 0 };
	int r, sent;

	r = services[m->type](b, m, &reply_fd, &refusal);
	if (m->type == CHAN_LOG)
		return 0;
	if (r < 0) {
		/* Init unwinds with the same cause; ours is the one that is reported. */
		(void)chan_send(b->chan_fd, CHAN_ERROR, 0, &refusal, sizeof(refusal),
				-EBADF);
		if (e)
			*e = refusal;
		return r;
	}
	sent = chan_send(b->chan_fd, CHAN_OK, 0, NULL, 0, reply_fd);
	if (sent == -EPIPE || sent == -ECONNRESET)
		return 0; /* it died: the next receive says how */
	return sent < 0 ? err_sys(e, sent, "sendmsg", chan_type_name(m->type)) : 0;
}

int boot_serve(struct boot *b, struct err *e)
{
	for (;;) {
		struct chan_msg m = { .fd = -EBADF };
		int r = await_init(b, e);

		if (r >= 0)
			r = chan_recv(b->chan_fd, &m, e);
		if (r < 0)
			return r;
		if (r == 0)
			return boot_died(b, e);
		if (m.type == CHAN_CREATED)
			return 0;
		if (m.type == CHAN_ERROR) {
			if (e)
				*e = m.err;
			return -m.err.code;
		}
		if (!services[m.type]) {
			fd_close(&m.fd);
			return err_protocol(e, "init sent %s", chan_type_name(m.type));
		}
		r = serve_one(b, &m, e);
		fd_close(&m.fd);
		if (r < 0)
			return r;
	}
}

/* exec: the channel is close-on-exec, so its end is the sign that the program runs. */
static int await_exec(struct boot *b, struct err *e)
{
	for (;;) {
		struct chan_msg m = { .fd = -EBADF };
		int r = await_init(b, e);

		if (r >= 0)
			r = chan_recv(b->chan_fd, &m, e);
		if (r == 0 && b->crumb->step != (int)n_init_steps - 1)
			return boot_died(b, e);
		if (r <= 0)
			return r;
		fd_close(&m.fd);
		if (m.type == CHAN_LOG) {
			log_text((enum log_level)m.arg, m.text);
			continue;
		}
		if (m.type != CHAN_ERROR)
			return err_protocol(e, "init sent %s after CREATED",
					    chan_type_name(m.type));
		if (e)
			*e = m.err;
		return -m.err.code;
	}
}

int boot_release(struct boot *b, struct err *e)
{
	int r = chan_send(b->chan_fd, CHAN_OK, 0, NULL, 0, -EBADF);

	if (r == -EPIPE || r == -ECONNRESET)
		return boot_died(b, e);
	if (r < 0)
		return err_sys(e, r, "sendmsg", "bootstrap channel");
	if (b->plan->is_exec)
		return await_exec(b, e);
	fd_close(&b->chan_fd);
	return 0;
}
