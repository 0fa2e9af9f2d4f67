/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks.c - run the programs of /hooks; see hooks.h.
 *
 * OCI: /hooks
 *
 * One poll loop feeds stdin, drains the output and waits for the end, so that a hook
 * that never reads, prints a megabyte or never ends cannot block us elsewhere.
 */
#include "init/hooks.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/file.h"
#include "kernel/ns.h"
#include "kernel/process.h"
#include "spec/config.h"

#define KEEP_OUTPUT      700 /* bytes of what a hook printed that go into the message */
#define HOOK_EXEC_FAILED 127

static const char *const kind_names[HOOK_KINDS] = {
	[HOOK_PRESTART] = "prestart",
	[HOOK_CREATE_RUNTIME] = "createRuntime",
	[HOOK_CREATE_CONTAINER] = "createContainer",
	[HOOK_START_CONTAINER] = "startContainer",
	[HOOK_POSTSTART] = "poststart",
	[HOOK_POSTSTOP] = "poststop",
};

static const struct spec_hook_list *list_of(const struct spec *s, enum hook_kind kind)
{
	const struct spec_hooks *h = &s->hooks;
	const struct spec_hook_list *const lists[HOOK_KINDS] = {
		[HOOK_PRESTART] = &h->prestart,
		[HOOK_CREATE_RUNTIME] = &h->create_runtime,
		[HOOK_CREATE_CONTAINER] = &h->create_container,
		[HOOK_START_CONTAINER] = &h->start_container,
		[HOOK_POSTSTART] = &h->poststart,
		[HOOK_POSTSTOP] = &h->poststop,
	};

	return lists[kind];
}

size_t hooks_count(const struct spec *s, enum hook_kind kind)
{
	return list_of(s, kind)->n;
}

static int check_hook(const struct spec_hook *h, struct err *e)
{
	if (h->path[0] != '/')
		return err_at(e, err_config(e, "hook path '%s' is not absolute", h->path),
			      "/path");
	for (size_t i = 0; i < h->env.n; i++) {
		if (!strchr(h->env.v[i], '='))
			return err_at(e, err_config(e, "'%s' has no '='", h->env.v[i]),
				      "/env/%zu", i);
	}
	return 0;
}

int hooks_check(const struct spec *s, struct err *e)
{
	for (int kind = 0; kind < HOOK_KINDS; kind++) {
		const struct spec_hook_list *list = list_of(s, kind);

		for (size_t i = 0; i < list->n; i++) {
			int r = check_hook(&list->v[i], e);

			if (r < 0)
				return err_at(e, r, "/hooks/%s/%zu", kind_names[kind], i);
		}
	}
	return 0;
}

/* A hook that runs, seen from the side that waits for it. */
struct running {
	pid_t pid;
	int pidfd, in_fd, out_fd;
	int cancel_fd;       /* borrowed */
	const char *part[5]; /* what goes to stdin, in order */
	size_t next;         /* part being written */
	size_t done;         /* bytes of it that are written */
	char tail[KEEP_OUTPUT + 1];
	size_t tail_len;
};

static void running_close(struct running *h)
{
	fd_close(&h->pidfd);
	fd_close(&h->in_fd);
	fd_close(&h->out_fd);
}

/* A child that could not become the hook says why where the hook would have. */
static void say(const char *what, int r)
{
	char text[300];
	int len = snprintf(text, sizeof(text), "%s: %s", what, err_name(r));

	if (len > 0)
		(void)sys_write(2, text,
				(size_t)len < sizeof(text) ? (size_t)len : sizeof(text));
}

static int exec_hook(const struct spec_hook *h)
{
	static const char *const default_env[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL
	};
	const char *const just_path[] = { h->path, NULL };
	const char *const *argv = h->args.n ? h->args.v : just_path;
	const char *const *envp = h->env.n ? h->env.v : default_env;
	int r = sys_execve(h->path, (char *const *)argv, (char *const *)envp);

	say(h->path, r);
	return HOOK_EXEC_FAILED;
}

/* In a joined pid namespace only a child is inside; its end becomes ours. */
static int exec_in_child(const struct spec_hook *h)
{
	siginfo_t info;
	int pidfd = -EBADF;
	pid_t pid = sys_clone3(0, -EBADF, &pidfd);

	if (pid == 0) {
		(void)sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		return exec_hook(h);
	}
	if (pid < 0 || sys_waitid_fd(pidfd, &info, WEXITED) < 0) {
		say("clone", pid);
		return HOOK_EXEC_FAILED;
	}
	if (info.si_code != CLD_EXITED)
		(void)sys_kill(sys_getpid(), info.si_status);
	return info.si_status;
}

/* In the child. Returns the exit status for when the hook could not be run. */
static int become_hook(const struct spec_hook *h, int in_fd, int out_fd, int join_pidfd,
		       int join_flags)
{
	int r = sys_dup3(out_fd, 2, false);

	if (r >= 0)
		r = sys_dup3(out_fd, 1, false);
	if (r >= 0)
		r = sys_dup3(in_fd, 0, false);
	if (r >= 0)
		r = sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (r >= 0)
		r = sys_signals_reset(SIGNALS_ALL);
	if (r >= 0)
		r = sys_setsid();
	if (r >= 0 && join_pidfd >= 0)
		r = sys_setns(join_pidfd, join_flags);
	if (r >= 0)
		r = sys_close_range(3, ~0u, 0);
	if (r < 0) {
		say("preparing the hook", r);
		return HOOK_EXEC_FAILED;
	}
	return join_pidfd >= 0 ? exec_in_child(h) : exec_hook(h);
}

static int spawn(const struct spec_hook *hook, struct running *h, int join_pidfd,
		 int join_flags, struct err *e)
{
	int in[2] = { -EBADF, -EBADF }, out[2] = { -EBADF, -EBADF };
	int r;

	r = sys_pipe(in);
	if (r >= 0)
		r = sys_pipe(out);
	if (r >= 0)
		r = sys_set_nonblock(in[1], true);
	if (r >= 0)
		r = sys_set_nonblock(out[0], true);
	if (r >= 0)
		r = h->pid = sys_clone3(0, -EBADF, &h->pidfd);
	if (r == 0)
		_exit(become_hook(hook, in[0], out[1], join_pidfd, join_flags));

	h->in_fd = in[1];
	h->out_fd = out[0];
	fd_close(&in[0]);
	fd_close(&out[1]);
	return r < 0 ? err_sys(e, r, "clone", hook->path) : 0;
}

static void feed(struct running *h)
{
	while (h->next < N_ELEMENTS(h->part)) {
		const char *text = h->part[h->next] + h->done;
		size_t len = strlen(text);
		ssize_t n = len ? sys_write_no_sigpipe(h->in_fd, text, len) : 0;

		if (n == -EAGAIN)
			return;
		if (n < 0)
			break; /* EPIPE: a hook need not read */
		h->done += (size_t)n;
		if ((size_t)n == len) {
			h->next++;
			h->done = 0;
		}
	}
	fd_close(&h->in_fd);
}

/* Keep the last KEEP_OUTPUT bytes of what is there; false at end of file. */
static bool drain(struct running *h)
{
	char buf[4096];
	ssize_t n;

	while ((n = sys_read(h->out_fd, buf, sizeof(buf))) > 0) {
		size_t len = (size_t)n, keep;
		const char *from = buf;

		if (len > KEEP_OUTPUT) {
			from += len - KEEP_OUTPUT;
			len = KEEP_OUTPUT;
		}
		keep = KEEP_OUTPUT - len < h->tail_len ? KEEP_OUTPUT - len : h->tail_len;
		memmove(h->tail, h->tail + h->tail_len - keep, keep);
		memcpy(h->tail + keep, from, len);
		h->tail_len = keep + len;
	}
	return n == -EAGAIN;
}

/* Until the hook has ended: 0, -ETIMEDOUT, or -EINTR when told to give up. deadline in
 * sys_clock_ms(), 0: none. */
static int serve(struct running *h, int64_t deadline)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = h->pidfd, .events = POLLIN },
			{ .fd = h->out_fd, .events = POLLIN },
			{ .fd = h->in_fd, .events = POLLOUT },
			{ .fd = h->cancel_fd, .events = POLLIN },
		};
		int64_t left = deadline ? deadline - sys_clock_ms() : -1;
		int r;

		if (deadline && left <= 0)
			return -ETIMEDOUT;
		r = sys_poll(fds, N_ELEMENTS(fds), (int)(left > 60000 ? 60000 : left));
		if (r < 0)
			return r;
		if (fds[3].revents)
			return -EINTR;
		if (h->in_fd >= 0 && fds[2].revents)
			feed(h);
		if (h->out_fd >= 0 && fds[1].revents && !drain(h))
			fd_close(&h->out_fd);
		if (fds[0].revents) {
			if (h->out_fd >= 0)
				(void)drain(h);
			return 0;
		}
	}
}

static int describe_end(const struct running *h, const struct spec_hook *hook,
			const siginfo_t *info, struct err *e)
{
	char text[KEEP_OUTPUT + 1];
	size_t len = h->tail_len;
	const char *said;

	memcpy(text, h->tail, len);
	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	text[len] = '\0';
	said = len ? ": " : "";

	if (info->si_code == CLD_EXITED && info->si_status == 0)
		return 0;
	if (info->si_code == CLD_EXITED)
		return err_state(e, -EIO, "hook '%s': exit status %d%s%s", hook->path,
				 info->si_status, said, text);
	return err_state(e, -EIO, "hook '%s': killed by signal %d%s%s", hook->path,
			 info->si_status, said, text);
}

static int run_one(const struct spec_hook *hook, const struct hook_state *state,
		   const char *status, pid_t pid, int join_pidfd, int join_flags,
		   struct err *e)
{
	__attribute__((cleanup(running_close))) struct running h = {
		.pidfd = -EBADF,
		.in_fd = -EBADF,
		.out_fd = -EBADF,
		.cancel_fd = state->cancel_fd > 0 ? state->cancel_fd : -EBADF,
	};
	bool bounded = hook->timeout.set && hook->timeout.v < INT32_MAX;
	int64_t deadline = bounded ? sys_clock_ms() + hook->timeout.v * 1000 : 0;
	char pid_text[24];
	siginfo_t info = { 0 };
	int r, end;

	(void)snprintf(pid_text, sizeof(pid_text), "\",\"pid\":%d", (int)pid);
	h.part[0] = state->head;
	h.part[1] = status;
	h.part[2] = pid_text;
	h.part[3] = state->tail;
	h.part[4] = "\n";
	r = spawn(hook, &h, join_pidfd, join_flags, e);
	if (r < 0)
		return r;

	r = serve(&h, deadline);
	if (r < 0)
		(void)sys_kill(-h.pid, SIGKILL); /* its session, descendants too */
	if (r < 0)
		(void)sys_pidfd_send_signal(h.pidfd, SIGKILL);
	end = sys_waitid_fd(h.pidfd, &info, WEXITED);
	if (r == -ETIMEDOUT)
		return err_state(e, r, "hook '%s' timed out after %lld s and was killed",
				 hook->path, (long long)hook->timeout.v);
	if (r == -EINTR)
		return err_state(e, r, "hook '%s' was interrupted by a signal",
				 hook->path);
	if (r < 0)
		return err_sys(e, r, "poll", hook->path);
	if (end < 0)
		return err_sys(e, end, "waitid", hook->path);
	return describe_end(&h, hook, &info, e);
}

int hooks_run(const struct spec *s, enum hook_kind kind, const struct hook_state *state,
	      const char *status, pid_t pid, int join_pidfd, int join_flags,
	      struct err *e)
{
	const struct spec_hook_list *list = list_of(s, kind);

	for (size_t i = 0; i < list->n; i++) {
		char line[1400];
		int r = run_one(&list->v[i], state, status, pid, join_pidfd, join_flags,
				e);

		if (r >= 0)
			continue;
		r = err_at(e, r, "/hooks/%s/%zu", kind_names[kind], i);
		if (kind != HOOK_POSTSTOP)
			return r;
		if (!e)
			continue;
		err_format(e, line, sizeof(line));
		log_warn("%s", line);
		memset(e, 0, sizeof(*e));
	}
	return 0;
}
