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

/* What init works with and the host does not need once init runs. */
static void close_inside(struct boot *b)
{
	struct inside *in = &b->in;

	for (int i = 0; i < NS_KINDS; i++)
		fd_close(&in->ns_fd[i]);
	for (size_t i = 0; in->source_fd && i < b->plan->sources.n; i++)
		fd_close(&in->source_fd[i]);
	for (size_t i = 0; i < in->n_cgroup_tasks; i++)
		fd_close(&in->cgroup_tasks_fd[i]);
	fd_close(&in->root_fd);
	fd_close(&b->init_chan_fd);
	fd_close(&b->go_fd);
	fd_close(&b->why_fd);
	fd_close(&b->cgroup_fd);
	fd_close(&b->target_root_fd);
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
	const struct inside *in = &b->in;
	size_t max = 8 + NS_KINDS + b->plan->sources.n + in->n_cgroup_tasks;

	/* The plan's arena lives as long as the boot and is only freed by the host. */
	b->keep_fd = arena_calloc((struct arena *)&b->plan->arena, max, sizeof(int));
	b->n_keep = 0;
	keep(b, b->init_chan_fd);
	keep(b, b->go_fd);
	keep(b, b->why_fd);
	keep(b, b->target_pidfd);
	keep(b, b->target_root_fd);
	keep(b, in->root_fd);
	for (int i = 0; i < NS_KINDS; i++)
		keep(b, in->ns_fd[i]);
	for (size_t i = 0; in->source_fd && i < b->plan->sources.n; i++)
		keep(b, in->source_fd[i]);
	for (size_t i = 0; i < in->n_cgroup_tasks; i++)
		keep(b, in->cgroup_tasks_fd[i]);
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

int boot_kill(struct boot *b, struct err *e)
{
	siginfo_t info;
	int r;

	if (b->pidfd < 0)
		return 0;
	r = sys_pidfd_send_signal(b->pidfd, SIGKILL);
	if (r < 0 && r != -ESRCH)
		return err_sys(e, r, "kill", "init");
	/* A bridge's successor is our child too (CLONE_PARENT). */
	r = sys_waitid_fd(b->pidfd, &info, WEXITED);
	if (r < 0 && r != -ECHILD)
		return err_sys(e, r, "waitid", "init");
	fd_close(&b->pidfd);
	b->pid = 0;
	return 0;
}
