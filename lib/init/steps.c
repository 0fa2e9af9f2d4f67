/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.c - THE sequence inside the container, for create and for exec.
 *
 * The kernel undoes all of it when init dies, so a step has no undo. A step is
 * unconditional in the table and returns 0 at once when the config does not ask for
 * it. Where the order matters, the comment at the row says why: each was paid for.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "init/boot.h"
#include "init/channel.h"
#include "kernel/beneath.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/keyring.h"
#include "kernel/ns.h"
#include "kernel/process.h"
#include "linux/devices.h"
#include "linux/idmap.h"
#include "linux/namespaces.h"
#include "linux/netdev.h"
#include "linux/paths.h"
#include "linux/procfs.h"
#include "linux/seccomp.h"
#include "linux/sysctl.h"
#include "linux/uts.h"
#include "mounts/apply.h"
#include "process/attrs.h"
#include "process/caps.h"
#include "process/cwd.h"
#include "process/env.h"
#include "process/exec.h"
#include "process/rlimits.h"
#include "process/sched.h"
#include "process/terminal.h"
#include "process/user.h"
#include "root/dev.h"
#include "root/pivot.h"
#include "root/rootfs.h"

/* A step that is one call of a feature's x_init(). */
#define FEATURE(step, feature)                                                           \
	static int step(struct boot *b, struct err *e)                                   \
	{                                                                                \
		return feature(b->plan, &b->in, e);                                      \
	}

FEATURE(join_before_user, namespaces_init_before_user)
FEATURE(join_after_user, namespaces_init_after_user)
FEATURE(free_affinity, sched_init_affinity)
FEATURE(loopback, netdev_init)
FEATURE(propagation, rootfs_init_propagation)
FEATURE(attach_root, rootfs_init_attach)
FEATURE(make_cwd, cwd_init_make)
FEATURE(readonly_mounts, mounts_init_readonly)
FEATURE(readonly_root, rootfs_init_readonly)
FEATURE(set_names, uts_init)
FEATURE(set_sysctls, sysctl_init)
FEATURE(set_personality, attrs_init_personality)
FEATURE(no_new_privs, attrs_init_no_new_privs)
FEATURE(drop_bounding, caps_init_bounding)
FEATURE(find_home, env_init)
FEATURE(set_caps, caps_init_set)
FEATURE(look_up, exec_init_lookup)
FEATURE(self_check, caps_init_verify)

/* close_range() around every descriptor that was listed before the clone. */
static int close_descriptors(struct boot *b, struct err *e)
{
	unsigned from = 3 + b->plan->options->preserve_fds;
	int r = 0;

	for (size_t i = 0; i < b->n_keep && r >= 0; i++) {
		unsigned fd = (unsigned)b->keep_fd[i];

		if (fd > from)
			r = sys_close_range(from, fd - 1, 0);
		from = fd + 1;
	}
	if (r >= 0)
		r = sys_close_range(from, ~0u, 0);
	for (unsigned i = 0; i < b->plan->options->preserve_fds && r >= 0; i++)
		r = sys_set_cloexec((int)(3 + i), false);
	return r < 0 ? err_sys(e, r, "close_range", "descriptors") : 0;
}

static int hide(struct boot *b, struct err *e)
{
	int r = sys_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

	(void)b;
	return r < 0 ? err_sys(e, r, "prctl", "PR_SET_DUMPABLE") : 0;
}

/* v1: a single thread that moves itself through `tasks` waits for no grace period. */
static int enter_cgroup(struct boot *b, struct err *e)
{
	struct inside *in = &b->in;
	int *fds[MAX_CGROUP_TASKS];

	for (size_t i = 0; i < in->n_cgroup_tasks; i++) {
		int r = file_write_fd(in->cgroup_tasks_fd[i], "0", 1);

		if (r < 0)
			return err_sys(e, r, "write", "tasks");
		fds[i] = &in->cgroup_tasks_fd[i];
	}
	sys_close_all(fds, in->n_cgroup_tasks);
	if (b->ask_cgroup)
		return chan_ask(b->init_chan_fd, CHAN_CGROUP, 0, -EBADF, NULL, e);
	return 0;
}

static int join_container(struct boot *b, struct err *e)
{
	int r = 0;

	if (b->target_flags)
		r = sys_setns(b->target_pidfd, b->target_flags);
	if (r < 0)
		return err_sys(e, r, "setns", "namespaces of the container");
	fd_close(&b->target_pidfd);
	if (b->target_root_fd >= 0) {
		r = sys_fchdir(b->target_root_fd);
		if (r >= 0)
			r = sys_chroot(".");
		fd_close(&b->target_root_fd);
	}
	if (r >= 0)
		r = sys_chdir("/");
	if (r < 0)
		return err_sys(e, r, "chroot", "root of the container");
	b->in.root_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	if (b->in.root_fd < 0)
		return err_sys(e, b->in.root_fd, "open", "/");
	return 0;
}

/* Only a child is in a pid namespace that was joined. */
static int enter_pid_for_exec(struct boot *b, struct err *e)
{
	return b->target_flags & CLONE_NEWPID ? init_next_stage(b, e) : 0;
}

static int enter_user(struct boot *b, struct err *e)
{
	return namespaces_init_user(b->plan, &b->in, e);
}

static int map_ids(struct boot *b, struct err *e)
{
	return b->plan->idmap.is_new
		       ? chan_ask(b->init_chan_fd, CHAN_IDMAP, 0, -EBADF, NULL, e)
		       : 0;
}

static bool has_userns(const struct boot *b)
{
	const struct plan_namespaces *ns = &b->plan->ns;

	if (b->plan->is_exec)
		return b->target_flags & CLONE_NEWUSER;
	return (ns->new_flags | ns->join_flags) & CLONE_NEWUSER;
}

/* Changing ids clears PDEATHSIG and may make us dumpable again. */
static int become_root(struct boot *b, struct err *e)
{
	int r;

	if (!has_userns(b))
		return 0;
	r = idmap_init_become_root(b->plan, &b->in, e);
	if (r >= 0)
		r = hide(b, e);
	return r < 0 ? r : init_bind_to_host(b, e);
}

/* A new pid namespace that clone3 could not make, because users are joined first. */
static int enter_new_pid(struct boot *b, struct err *e)
{
	const struct plan *p = b->plan;
	bool by_clone = namespaces_by_clone(p);

	if (!by_clone && p->ns.new_flags & CLONE_NEWPID)
		return init_next_stage(b, e);
	if (p->ns.join_flags & CLONE_NEWPID && !p->pid_late) {
		int r = namespaces_init_pid(p, &b->in, e);

		return r < 0 ? r : init_next_stage(b, e);
	}
	return 0;
}

static int new_session(struct boot *b, struct err *e)
{
	int r = sys_setsid();

	(void)b;
	return r < 0 ? err_sys(e, r, "setsid", "init") : 0;
}

static int new_keyring(struct boot *b, struct err *e)
{
	char name[300];
	int r;

	if (b->plan->options->no_new_keyring)
		return 0;
	r = str_format(name, sizeof(name), "_ses.%s", b->plan->options->id);
	if (r >= 0)
		r = sys_keyctl_join_session(name);
	if (r == -ENOSYS || r == -EDQUOT) {
		log_warn("no session keyring for the container: %s", err_name(r));
		return 0;
	}
	return r < 0 ? err_sys(e, r, "keyctl", name) : 0;
}

/* In a user namespace init may not reach a source that the caller can: the host opens it.
 */
static int get_sources(struct boot *b, struct err *e)
{
	for (size_t i = 0; i < b->plan->sources.n; i++) {
		int r;

		if (b->in.source_fd[i] >= 0)
			continue;
		r = chan_ask(b->init_chan_fd, CHAN_SOURCE, (uint32_t)i, -EBADF,
			     &b->in.source_fd[i], e);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A procfs instance shows the pid namespace of whoever makes it. */
static int open_proc(struct boot *b, struct err *e)
{
	return b->plan->pid_late ? 0 : procfs_init(b->plan, &b->in, e);
}

static int early_mounts(struct boot *b, struct err *e)
{
	const struct plan *p = b->plan;

	return mounts_init(p, &b->in, 0, p->pid_late ? p->mounts.n_early : p->mounts.n,
			   e);
}

static int make_devices(struct boot *b, struct err *e)
{
	int r = devices_init(b->plan, &b->in, e);

	return r < 0 ? r : dev_init(b->plan, &b->in, e);
}

static int early_devices(struct boot *b, struct err *e)
{
	return b->plan->pid_late ? 0 : make_devices(b, e);
}

static int ask_hooks(struct boot *b, enum hook_kind kind, struct err *e)
{
	if (!hooks_count(b->plan->spec, kind))
		return 0;
	return chan_ask(b->init_chan_fd, CHAN_HOOKS, CHAN_HOOK_ARG(kind, sys_getpid()),
			-EBADF, NULL, e);
}

static int runtime_hooks(struct boot *b, struct err *e)
{
	int r = ask_hooks(b, HOOK_PRESTART, e);

	return r < 0 ? r : ask_hooks(b, HOOK_CREATE_RUNTIME, e);
}

static int container_hooks(struct boot *b, struct err *e)
{
	return ask_hooks(b, HOOK_CREATE_CONTAINER, e);
}

static int pivot(struct boot *b, struct err *e)
{
	return pivot_init(b->plan, &b->in, e);
}

/*
 * A joined pid namespace holds processes that may trace us: they must find nothing
 * but the container's own root. What needs the namespace (procfs) comes after it.
 */
static int enter_pid_late(struct boot *b, struct err *e)
{
	const struct plan *p = b->plan;
	int r;

	if (!p->pid_late)
		return 0;
	r = namespaces_init_pid(p, &b->in, e);
	if (r >= 0)
		r = init_next_stage(b, e);
	if (r >= 0)
		r = procfs_init(p, &b->in, e);
	if (r >= 0)
		r = mounts_init(p, &b->in, p->mounts.n_early, p->mounts.n, e);
	return r < 0 ? r : make_devices(b, e);
}

static bool is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* -ENODEV: it is no real one, and the host's serves (CVE-2026-88265). */
static int open_null(const struct inside *in)
{
	autofd int fd = beneath_open_nofollow(in->root_fd, "/dev/null",
					      O_RDWR | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || sys_fstat(fd, &st) < 0 || !is_null(&st))
		return -ENODEV;
	return sys_set_nonblock(fd, false) < 0 ? -ENODEV : take_fd(&fd);
}

/* Stdio that is the host's /dev/null becomes the container's, if that is a real one. */
static int reopen_null(struct boot *b, struct err *e)
{
	autofd int null_fd = -EBADF;
	struct stat st;

	if (!b->plan->root.in_mount_ns)
		return 0;
	for (int fd = 0; fd < 3; fd++) {
		int r = sys_fstat(fd, &st);

		if (r < 0)
			return err_sysf(e, r, "fstat", "descriptor %d", fd);
		if (!is_null(&st))
			continue;
		if (null_fd < 0)
			null_fd = open_null(&b->in);
		if (null_fd < 0)
			return 0;
		r = sys_dup3(null_fd, fd, false);
		if (r < 0)
			return err_sys(e, r, "dup3", "/dev/null");
	}
	return 0;
}

static int final_propagation(struct boot *b, struct err *e)
{
	int r = rootfs_init_final_propagation(b->plan, &b->in, e);

	return r < 0 ? r : mounts_init_propagation(b->plan, &b->in, e);
}

static int set_umask(struct boot *b, struct err *e)
{
	(void)e;
	user_init_umask(b->plan);
	return 0;
}

static int make_terminal(struct boot *b, struct err *e)
{
	autofd int master_fd = -EBADF;
	int r;

	if (!b->plan->spec->process.terminal)
		return 0;
	r = terminal_init(b->plan, &b->in, &master_fd, e);
	if (r >= 0)
		r = chan_ask(b->init_chan_fd, CHAN_CONSOLE, 0, master_fd, NULL, e);
	return r < 0 ? r : terminal_init_stdio(b->plan, &b->in, e);
}

static int mask_paths(struct boot *b, struct err *e)
{
	int r = paths_init_readonly(b->plan, &b->in, e);

	return r < 0 ? r : paths_init_masked(b->plan, &b->in, e);
}

static int load_filter(struct boot *b, bool before_caps, struct err *e)
{
	const struct plan *p = b->plan;

	/* Without no_new_privs loading needs CAP_SYS_ADMIN, which is about to go. */
	if (before_caps == p->spec->process.no_new_privileges)
		return 0;
	return seccomp_install(p, &b->in, e);
}

static int early_filter(struct boot *b, struct err *e)
{
	return load_filter(b, true, e);
}

static int late_filter(struct boot *b, struct err *e)
{
	return load_filter(b, false, e);
}

static int try_cwd(struct boot *b, struct err *e)
{
	return cwd_init_try(b->plan, &b->in, e);
}

/* Then hide() and init_bind_to_host() hold: the kernel undoes them when ids change. */
static bool stays_root(const struct boot *b)
{
	const struct host *h = b->plan->host;
	const struct spec_user *u = &b->plan->spec->process.user;

	return !has_userns(b) && !h->euid && !h->egid && !u->uid && !u->gid;
}

static int set_ids(struct boot *b, struct err *e)
{
	int r = user_init_stdio(b->plan, &b->in, e);

	if (r >= 0)
		r = user_init(b->plan, &b->in, e);
	if (r < 0 || stays_root(b))
		return r;
	r = hide(b, e);
	return r < 0 ? r : init_bind_to_host(b, e);
}

static int enter_cwd(struct boot *b, struct err *e)
{
	return cwd_init(b->plan, &b->in, e);
}

/* With CAP_SYS_RESOURCE the host does it, over any process; without, only we over us. */
static int own_rlimits(struct boot *b, struct err *e)
{
	return rlimits_by_host(b->plan) ? 0 : rlimits_init(b->plan, &b->in, e);
}

/*
 * Off before the host may end as it should: from here to its OK the end of the channel
 * is what tells that it died.
 */
static int say_created(struct boot *b, struct err *e)
{
	int r = sys_prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);

	if (r < 0)
		return err_sys(e, r, "prctl", "PR_SET_PDEATHSIG");
	return chan_ask(b->init_chan_fd, CHAN_CREATED, 0, -EBADF, NULL, e);
}

/* From here on `create` is gone: who waits, waits in `start`. */
static int hold(struct boot *b, struct err *e)
{
	fd_close(&b->init_chan_fd);
	return init_hold(b, e);
}

static int say_ready(struct boot *b, struct err *e)
{
	ssize_t n = init_say_ready(b);

	return n < 0 && n != -EPIPE ? err_sys(e, (int)n, "write", "why") : 0;
}

static int start_hooks(struct boot *b, struct err *e)
{
	int r;

	if (!hooks_count(b->plan->spec, HOOK_START_CONTAINER))
		return 0;
	b->hook_state.cancel_fd = -EBADF; /* create's: not open here */
	r = hooks_run(b->plan->spec, HOOK_START_CONTAINER, &b->hook_state, "created",
		      sys_getpid(), -EBADF, 0, e);
	return r < 0 ? r : say_ready(b, e);
}

static int clean_up(struct boot *b, struct err *e)
{
	unsigned first = 3 + b->plan->options->preserve_fds;
	int r = sys_signals_reset(~b->plan->host->signals_default);

	if (r < 0)
		return err_sys(e, r, "sigaction", "signals");
	r = sys_close_range(first, ~0u, CLOSE_RANGE_CLOEXEC);
	if (r < 0)
		return err_sys(e, r, "close_range", "descriptors");
	/* Here, as the filter to come may refuse even that; the hooks need more of it. */
	return hooks_count(b->plan->spec, HOOK_START_CONTAINER) ? 0 : say_ready(b, e);
}

static int execute(struct boot *b, struct err *e)
{
	return exec_init(b->plan, &b->in, e);
}

#define CREATE WHEN_CREATE
#define EXEC   WHEN_EXEC
#define BOTH   (WHEN_CREATE | WHEN_EXEC)

/* clang-format off */
const struct init_step init_steps[] = {
	/* Nothing of the host's may be reachable once a process of the container sees us. */
	{ "descriptors",    NULL,                     BOTH,   close_descriptors },
	{ "hide",           NULL,                     BOTH,   hide },
	{ "bind to host",   NULL,                     BOTH,   init_bind_to_host },
	/* Before the cgroup namespace is made: where we are then is its root. */
	{ "enter cgroup",   "/linux/cgroupsPath",     BOTH,   enter_cgroup },
	/* After the cgroup: its cpuset is what the mask is cut to. */
	{ "affinity",       NULL,                     BOTH,   free_affinity },
	{ "join container", NULL,                     EXEC,   join_container },
	/* Foreign namespaces need the caller's rights, which a user namespace takes away. */
	{ "join first",     "/linux/namespaces",      CREATE, join_before_user },
	{ "user namespace", "/linux/namespaces",      CREATE, enter_user },
	{ "id maps",        "/linux/uidMappings",     CREATE, map_ids },
	{ "become root",    "/linux/uidMappings",     BOTH,   become_root },
	/* The rest belongs to the new user namespace, and is made as its root. */
	{ "namespaces",     "/linux/namespaces",      CREATE, join_after_user },
	{ "pid namespace",  "/linux/namespaces",      CREATE, enter_new_pid },
	{ "exec pid",       NULL,                     EXEC,   enter_pid_for_exec },
	{ "session",        NULL,                     BOTH,   new_session },
	{ "keyring",        NULL,                     CREATE, new_keyring },
	{ "loopback",       NULL,                     CREATE, loopback },
	/* Before anything is mounted: nothing may propagate back to the host. */
	{ "propagation",    "/linux/rootfsPropagation", CREATE, propagation },
	/* Where no new procfs can be had the host's serves, which is gone after the pivot. */
	{ "proc",           NULL,                     BOTH,   open_proc },
	{ "sources",        "/mounts",                CREATE, get_sources },
	{ "root",           "/root/path",             CREATE, attach_root },
	{ "mounts",         "/mounts",                CREATE, early_mounts },
	/* After the mounts: /dev is usually one of them. */
	{ "devices",        "/linux/devices",         CREATE, early_devices },
	/* The spec wants these before pivot_root, with the mounts in place. */
	{ "runtime hooks",  "/hooks",                 CREATE, runtime_hooks },
	{ "container hooks", "/hooks/createContainer", CREATE, container_hooks },
	{ "pivot",          "/root/path",             CREATE, pivot },
	{ "late pid",       "/linux/namespaces",      CREATE, enter_pid_late },
	{ "null",           NULL,                     CREATE, reopen_null },
	/* mkdir needs a root that can be written. */
	{ "make cwd",       "/process/cwd",           CREATE, make_cwd },
	{ "umask",          "/process/user/umask",    BOTH,   set_umask },
	/* The console is a mount on a file in /dev: before the root turns read-only. */
	{ "terminal",       "/process/terminal",      BOTH,   make_terminal },
	{ "read-only mounts", "/mounts",              CREATE, readonly_mounts },
	{ "read-only root", "/root/readonly",         CREATE, readonly_root },
	{ "hostname",       "/hostname",              CREATE, set_names },
	/* Before /proc/sys is made read-only. */
	{ "sysctl",         "/linux/sysctl",          CREATE, set_sysctls },
	{ "masked paths",   "/linux/maskedPaths",     CREATE, mask_paths },
	/* Last of the mounts: what is unbindable cannot be cloned for a mask any more. */
	{ "root propagation", "/linux/rootfsPropagation", CREATE, final_propagation },
	/* Read while we still may; the image's passwd, so only after the pivot. */
	{ "home",           "/process/env",           BOTH,   find_home },
	{ "no new privileges", "/process/noNewPrivileges", BOTH, no_new_privs },
	/* Before seccomp: a filter may refuse personality(2). */
	{ "personality",    "/linux/personality",     BOTH,   set_personality },
	{ "filter",         "/linux/seccomp",         BOTH,   early_filter },
	/* As root first: an NFS server may squash root, hence again as the user. */
	{ "try cwd",        "/process/cwd",           BOTH,   try_cwd },
	/* Dropping needs CAP_SETPCAP, which setuid would clear. */
	{ "bounding set",   "/process/capabilities/bounding", BOTH, drop_bounding },
	{ "user",           "/process/user",          BOTH,   set_ids },
	{ "cwd",            "/process/cwd",           BOTH,   enter_cwd },
	{ "capabilities",   "/process/capabilities",  BOTH,   set_caps },
	/* As the user: what root finds the user may not be able to run. */
	{ "look up",        "/process/args",          BOTH,   look_up },
	/* Before the filter: it may refuse prctl(2). */
	{ "self-check",     NULL,                     BOTH,   self_check },
	/* Late: a small limit of open files would be in our own way. */
	{ "own rlimits",    "/process/rlimits",       BOTH,   own_rlimits },
	{ "created",        NULL,                     BOTH,   say_created },
	{ "hold",           NULL,                     CREATE, hold },
	{ "clean up",       NULL,                     BOTH,   clean_up },
	/* As late as can be: what follows is all that a profile must allow for our sake. */
	{ "last filter",    "/linux/seccomp",         BOTH,   late_filter },
	/* Programs of the image: under the filter already. */
	{ "start hooks",    "/hooks/startContainer",  CREATE, start_hooks },
	{ "exec",           "/process/args",          BOTH,   execute },
};
/* clang-format on */
const size_t n_init_steps = N_ELEMENTS(init_steps);

const char *init_step_name(int index)
{
	return index >= 0 && (size_t)index < n_init_steps ? init_steps[index].name : "?";
}
