/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn.c - the host makes init: channel, breadcrumb, descriptors, clone3(2).
 *
 * Everything init may keep open is listed before the clone, so that it can close the
 * rest first thing, without looking at /proc and without allocating: from the moment
 * it can be seen in the container it must hold no host directory (CVE-2016-9962,
 * CVE-2024-21626).
 */
#include "init/boot.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/socket.h"
#include "linux/namespaces.h"

void boot_init(struct boot *b, const struct plan *plan)
{
	*b = (struct boot){
		.plan = plan,
		.chan_fd = -EBADF,
		.init_chan_fd = -EBADF,
		.go_fd = -EBADF,
		.why_fd = -EBADF,
		.cgroup_fd = -EBADF,
		.cancel_fd = -EBADF,
		.target_pidfd = -EBADF,
		.target_root_fd = -EBADF,
		.pidfd = -EBADF,
		.console_fd = -EBADF,
		.in = {
			.root_fd = -EBADF,
			.proc_fd = -EBADF,
			.console_fd = -EBADF,
		},
	};
	for (int i = 0; i < NS_KINDS; i++)
		b->in.ns_fd[i] = -EBADF;
}

#define MAX_OWN 8 /* descriptors of struct boot itself, below */

/* What init works with and the host does not need once init runs; the number of them. */
static size_t list_inside(struct boot *b, int **ret)
{
	struct inside *in = &b->in;
	size_t n = 0;

	for (int i = 0; i < NS_KINDS; i++)
		ret[n++] = &in->ns_fd[i];
	for (size_t i = 0; in->source_fd && i < b->plan->sources.n; i++)
		ret[n++] = &in->source_fd[i];
	for (size_t i = 0; i < in->n_cgroup_tasks; i++)
		ret[n++] = &in->cgroup_tasks_fd[i];
	ret[n++] = &in->root_fd;
	ret[n++] = &b->init_chan_fd;
	ret[n++] = &b->go_fd;
	ret[n++] = &b->why_fd;
	ret[n++] = &b->target_root_fd;
	return n;
}

static int **inside_array(struct boot *b)
{
	size_t max = MAX_OWN + NS_KINDS + b->plan->sources.n + b->in.n_cgroup_tasks;

	/* The plan's arena lives as long as the boot and is only freed by the host. */
	return arena_calloc((struct arena *)&b->plan->arena, max, sizeof(int *));
}

static void close_inside(struct boot *b)
{
	int **fds = inside_array(b);
	size_t n = list_inside(b, fds);

	fds[n++] = &b->cgroup_fd;
	sys_close_all(fds, n);
}

void boot_close(struct boot *b)
{
	if (!b->plan)
		return;
	close_inside(b);
	fd_close(&b->chan_fd);
	fd_close(&b->target_pidfd);
	fd_close(&b->pidfd);
	fd_close(&b->console_fd);
	if (b->crumb)
		sys_unmap_shared((void *)b->crumb, sizeof(*b->crumb));
	b->crumb = NULL;
}

static void keep(struct boot *b, int fd)
{
	size_t i = b->n_keep;

	if (fd < 0)
		return;
	while (i > 0 && b->keep_fd[i - 1] > fd) {
		b->keep_fd[i] = b->keep_fd[i - 1];
		i--;
	}
	b->keep_fd[i] = fd;
	b->n_keep++;
}

static void list_kept(struct boot *b)
{
	int **fds = inside_array(b);
	size_t n = list_inside(b, fds);

	b->keep_fd = arena_calloc((struct arena *)&b->plan->arena, n + 1, sizeof(int));
	b->n_keep = 0;
	for (size_t i = 0; i < n; i++)
		keep(b, *fds[i]);
	keep(b, b->target_pidfd);
}

static uint64_t clone_flags(const struct plan *p)
{
	if (p->is_exec || !namespaces_by_clone(p))
		return 0;
	/* The cgroup namespace is made once init is in its cgroup: that is its root. */
	return p->ns.new_flags & ~((uint64_t)CLONE_NEWCGROUP | CLONE_NEWTIME);
}

/* A v2 cgroup whose pids limit is 0 takes no clone, but it takes a process. */
static pid_t clone_init(struct boot *b)
{
	uint64_t flags = clone_flags(b->plan);
	pid_t pid = sys_clone3(flags, b->cgroup_fd, &b->pidfd);

	if (pid != -EAGAIN || b->cgroup_fd < 0 || !b->held)
		return pid;
	b->ask_cgroup = true;
	return sys_clone3(flags, -EBADF, &b->pidfd);
}

int boot_spawn(struct boot *b, struct err *e)
{
	int pair[2] = { -EBADF, -EBADF };
	int r;

	r = sys_socketpair_seqpacket(pair);
	if (r < 0)
		return err_sys(e, r, "socketpair", "bootstrap channel");
	b->chan_fd = pair[0];
	b->init_chan_fd = pair[1];
	b->crumb = sys_map_shared(sizeof(*b->crumb));
	if (!b->crumb)
		return err_sys(e, -ENOMEM, "mmap", "breadcrumb");
	list_kept(b);

	r = clone_init(b);
	if (r == 0)
		init_main(b);
	if (r < 0)
		return err_sys(e, r, "clone3", "init");
	b->pid = r;
	close_inside(b);
	return 0;
}

/* What a v1 freezer holds, or a dead disk, does not end: then say so, not wait for it. */
int boot_await_end(int pidfd, struct err *e)
{
	struct pollfd fd = { .fd = pidfd, .events = POLLIN };
	int r = sys_poll(&fd, 1, BOOT_KILL_MS);

	if (r < 0)
		return err_sys(e, r, "poll", "init");
	if (r == 0)
		return err_state(e, -ETIMEDOUT, "init did not end within %d s of SIGKILL",
				 BOOT_KILL_MS / 1000);
	return 0;
}

int boot_kill(struct boot *b, struct err *e)
{
	siginfo_t info;
	int r;

	if (b->pidfd < 0)
		return 0;
	r = sys_pidfd_send_signal(b->pidfd, SIGKILL);
	if (r < 0 && r != -ESRCH)
		return err_sys(e, r, "kill", "init");
	r = boot_await_end(b->pidfd, e);
	if (r < 0)
		return r;
	/* A bridge's successor is our child too (CLONE_PARENT). */
	r = sys_waitid_fd(b->pidfd, &info, WEXITED);
	if (r < 0 && r != -ECHILD)
		return err_sys(e, r, "waitid", "init");
	fd_close(&b->pidfd);
	b->pid = 0;
	return 0;
}
