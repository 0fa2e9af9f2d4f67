/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec.c - one more process in a container that exists.
 *
 * The process is the container's own (the copy of config.json made at create) with
 * what the caller changes, or a process.json of the caller; filter, masks and
 * namespaces are the container's in either case. The steps are those of create
 * (init/steps.c), without the ones that build something.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "container/check.h"
#include "container/container.h"
#include "container/create.h"
#include "container/exec-args.h"
#include "container/foreground.h"
#include "container/plan.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "process/attrs.h"
#include "process/caps.h"
#include "process/cwd.h"
#include "process/env.h"
#include "process/exec.h"
#include "process/rlimits.h"
#include "process/terminal.h"
#include "process/user.h"

static int refuse(struct tare_container *c, const struct tare_exec_args *a, struct err *e)
{
	enum tare_status status;
	int r = container_status(c, &status, e);

	if (r < 0)
		return r;
	switch (status) {
	case TARE_CREATED:
	case TARE_RUNNING:
		return 0;
	case TARE_PAUSED:
		if (a->ignore_paused)
			return 0;
		return err_state(e, -EINVAL,
				 "cannot exec in a paused container "
				 "(use --ignore-paused to override)");
	case TARE_STOPPED:
		return err_state(e, -ESRCH, "cannot exec in a stopped container");
	case TARE_CREATING:
		break;
	}
	return err_state(e, -EAGAIN, "cannot exec in a container that is being created");
}

typedef int check(const struct spec *s, struct err *e);

static check *const process_checks[] = {
	user_check, caps_check,     rlimits_check, env_check,
	cwd_check,  terminal_check, attrs_check,   exec_check,
};

static int load_process(struct tare_container *c, const struct tare_exec_args *a,
			struct err *e)
{
	struct spec *given = NULL;
	int r = container_load_spec(c, e);

	if (r < 0)
		return r;
	if (a->process) {
		r = spec_load_process(AT_FDCWD, a->process, &given, e);
		if (r < 0)
			return r;
		c->process_spec = given;
		c->spec->process = given->process;
		c->spec->process.terminal |= a->terminal;
	} else {
		r = exec_args_replace(c->spec, a, e);
	}
	if (r >= 0)
		r = exec_args_change(c->spec, a, e);
	for (size_t i = 0; i < N_ELEMENTS(process_checks) && r >= 0; i++) {
		r = process_checks[i](c->spec, e);
		if (r < 0)
			r = check_locate(given, r, e);
	}
	return r;
}

static int find_init(struct tare_container *c, struct err *e)
{
	int r = container_open_init(c, &c->boot.target_pidfd);

	if (r == -ESRCH)
		return err_state(e, r, "cannot exec in a stopped container");
	return r < 0 ? err_sysf(e, r, "pidfd_open", "init %d", (int)c->held.pid) : 0;
}

/* In which namespaces is the container that we are not? One setns(2) joins them all. */
static int compare_namespaces(struct tare_container *c, struct err *e)
{
	/* clang-format off */
	static const struct { const char *name; int flag; } kinds[] = {
		{ "user", CLONE_NEWUSER }, { "mnt", CLONE_NEWNS }, { "pid", CLONE_NEWPID },
		{ "net", CLONE_NEWNET }, { "uts", CLONE_NEWUTS }, { "ipc", CLONE_NEWIPC },
		{ "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
	};
	/* clang-format on */
	char path[64];

	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		struct stat theirs, ours;
		int r;

		(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)c->held.pid,
			       kinds[i].name);
		r = sys_fstatat(AT_FDCWD, path, &theirs, 0);
		if (r == -ENOENT && kinds[i].flag == CLONE_NEWTIME)
			continue; /* before 5.6 */
		if (r < 0)
			return err_sys(e, r, "stat", path);
		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i].name);
		r = sys_fstatat(AT_FDCWD, path, &ours, 0);
		if (r < 0)
			return err_sys(e, r, "stat", path);
		if (theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev)
			c->boot.target_flags |= kinds[i].flag;
	}
	return 0;
}

/* The root of its mount namespace, except where that is not what init was given. */
static int open_target_root(struct tare_container *c, struct err *e)
{
	char path[64];

	if (c->boot.target_flags & CLONE_NEWNS && !c->state.no_pivot)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/root", (int)c->held.pid);
	c->boot.target_root_fd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	return c->boot.target_root_fd < 0
		       ? err_sys(e, c->boot.target_root_fd, "open", path)
		       : 0;
}

/* All that was looked up by number was init's: it still has that number. */
static int check_init(struct tare_container *c, struct err *e)
{
	int r = sys_pidfd_send_signal(c->boot.target_pidfd, 0);

	if (r == -ESRCH)
		return err_state(e, r, "cannot exec in a stopped container");
	return r < 0 ? err_sysf(e, r, "kill", "init %d", (int)c->held.pid) : 0;
}

static int open_target(struct tare_container *c, struct err *e)
{
	struct inside *in = &c->boot.in;
	int r = open_target_root(c, e);

	if (r < 0)
		return r;
	in->cgroup_tasks_fd = arena_calloc(&c->arena, MAX_CGROUP_TASKS, sizeof(int));
	/* Where init is: a container may have made cgroups below its own, as systemd
	 * does. */
	r = cgroup_open_dir_of(&c->held, c->held.pid, &c->boot.cgroup_fd, e);
	if (r < 0 && r != -ENOENT)
		return r;
	r = cgroup_open_tasks(&c->held, in->cgroup_tasks_fd, MAX_CGROUP_TASKS,
			      &in->n_cgroup_tasks, e);
	return r < 0 ? r : check_init(c, e);
}

/* From the clone to the execve; on failure the process is killed. */
static int bootstrap(struct tare_container *c, const struct tare_exec_args *a,
		     struct err *e)
{
	struct boot *b = &c->boot;
	int r = boot_spawn(b, e);

	if (r >= 0)
		r = boot_serve(b, e);
	if (r >= 0)
		r = attrs_host_oom(&c->plan, b->pid, e);
	if (r >= 0)
		r = rlimits_host(&c->plan, b->pid, e);
	if (r >= 0 && !a->detach && b->console_fd >= 0)
		foreground_prepare(b->console_fd);
	if (r >= 0 && a->pidfd_socket)
		r = create_send_pidfd(a->pidfd_socket, b->pidfd, e);
	if (r >= 0)
		r = boot_release(b, e);
	/* Its absence tells the caller that nothing was run: so not before. */
	if (r >= 0 && a->pid_file)
		r = create_pid_file(a->pid_file, b->pid, e);
	if (r < 0) {
		struct err later = { 0 };

		(void)boot_kill(b, &later);
	}
	return r;
}

static int exec(struct tare_container *c, const struct tare_exec_args *a,
		struct tare_process *ret, struct err *e)
{
	int r = create_check_preserved(a->preserve_fds, e);

	if (r >= 0)
		r = refuse(c, a, e);
	if (r >= 0)
		r = load_process(c, a, e);
	if (r >= 0)
		r = container_probe_host(c, e);
	if (r < 0)
		return r;
	c->options = (struct options){
		.id = c->held.id,
		.bundle = c->state.bundle,
		.console_socket = a->console_socket,
		.foreground = !a->detach,
		.preserve_fds = a->preserve_fds,
		.no_new_keyring = true,
	};
	c->plan.is_exec = true;
	boot_init(&c->boot, &c->plan);
	r = terminal_check_options(c->spec, &c->options, e);
	if (r >= 0)
		r = find_init(c, e);
	if (r >= 0)
		r = compare_namespaces(c, e);
	if (r < 0)
		return r;
	c->plan.ns.join_flags = (uint64_t)c->boot.target_flags;
	r = plan_build(c, e);
	if (r < 0)
		return r;
	c->boot.cancel_fd = a->cancel_fd > 0 ? a->cancel_fd : -EBADF;
	r = open_target(c, e);
	if (r >= 0)
		r = bootstrap(c, a, e);
	if (r < 0)
		return r;
	*ret = (struct tare_process){
		.pid = c->boot.pid,
		.pidfd = take_fd(&c->boot.pidfd),
		.console_fd = take_fd(&c->boot.console_fd),
	};
	return 0;
}

int tare_exec(struct tare_container *c, const struct tare_exec_args *args,
	      struct tare_process *ret, struct err *e)
{
	int r = exec(c, args, ret, e);

	return r < 0 ? err_doing(e, r, "exec failed") : 0;
}
