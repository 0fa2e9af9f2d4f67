/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create.c - make a container: THE sequence on the host, and its inverse.
 *
 * Rollback of a create that fails, `delete`, and repair after a crash are the same
 * table walked backwards: each undo works from `held`, which state.json had on disk
 * before the first side effect, and succeeds when there is nothing to undo.
 */
#include "container/create.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "container/check.h"
#include "container/container.h"
#include "container/foreground.h"
#include "container/lock.h"
#include "container/plan.h"
#include "container/state.h"
#include "container/step.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/socket.h"
#include "linux/namespaces.h"
#include "linux/sysctl.h"
#include "mounts/source.h"
#include "process/attrs.h"
#include "process/rlimits.h"

static int make_cgroup(struct tare_container *c, struct err *e)
{
	return cgroup_host(&c->plan, &c->held, e);
}

/* cgroup_host() plans what it will make; the plan must be on disk before it is made. */
static int record_cgroup(struct tare_container *c, struct err *e)
{
	int r = cgroup_intend(&c->plan, &c->held, e);

	return r < 0 ? r : state_write(c, e);
}

static int remove_cgroup(struct tare_container *c, struct err *e)
{
	return cgroup_remove(&c->held, e);
}

static int apply_limits(struct tare_container *c, struct err *e)
{
	return cgroup_apply(&c->plan, &c->held, e);
}

static int open_cgroup(struct tare_container *c, struct err *e)
{
	struct inside *in = &c->boot.in;
	int r = cgroup_open_dir(&c->held, &c->boot.cgroup_fd, e);

	if (r < 0 && r != -ENOENT)
		return r;
	in->cgroup_tasks_fd = arena_calloc(&c->arena, MAX_CGROUP_TASKS, sizeof(int));
	return cgroup_open_tasks(&c->held, in->cgroup_tasks_fd, MAX_CGROUP_TASKS,
				 &in->n_cgroup_tasks, e);
}

static int open_namespaces(struct tare_container *c, struct err *e)
{
	int r = namespaces_host_open(&c->plan, &c->boot.in, e);

	return r < 0 ? r : sysctl_host(&c->plan, &c->boot.in, e);
}

static bool in_new_userns(const struct plan *p)
{
	return (p->ns.new_flags | p->ns.join_flags) & CLONE_NEWUSER;
}

static int open_sources(struct tare_container *c, struct err *e)
{
	const struct plan *p = &c->plan;
	struct inside *in = &c->boot.in;

	in->source_fd = arena_calloc(&c->arena, p->sources.n + 1, sizeof(int));
	for (size_t i = 0; i < p->sources.n; i++)
		in->source_fd[i] = -EBADF;
	/* In a user namespace init asks for them: they must be locked as it demands. */
	for (size_t i = 0; i < p->sources.n && !in_new_userns(p); i++) {
		int r = source_open(p, i, &in->source_fd[i], e);

		if (r < 0)
			return r;
	}
	return 0;
}

static int make_fifos(struct tare_container *c, struct err *e)
{
	return boot_make_fifos(c->dir_fd, &c->boot, e);
}

static int note_init(struct tare_container *c, struct err *e)
{
	struct proc_stat st;
	int r = sys_proc_stat(c->boot.pid, &st);

	if (r < 0)
		return err_sysf(e, r, "read", "/proc/%d/stat", (int)c->boot.pid);
	c->held.pid = c->boot.pid;
	c->held.start_time = st.start_time;
	return 0;
}

/* pid and start time are on disk at once: from here on there is something to kill. */
static int spawn_init(struct tare_container *c, struct err *e)
{
	int r;

	if (c->args->cancel_fd > 0)
		c->boot.cancel_fd = c->args->cancel_fd;
	container_hook_state(c);
	c->boot.hook_state = c->hook_state;
	c->boot.hook_state.cancel_fd = c->boot.cancel_fd;
	c->boot.held = &c->held;
	r = boot_spawn(&c->boot, e);
	if (r < 0)
		return r;
	r = note_init(c, e);
	return r < 0 ? r : state_write(c, e);
}

static int kill_init(struct tare_container *c, struct err *e)
{
	autofd int pidfd = -EBADF;
	int r;

	if (c->boot.pidfd < 0) {
		r = container_open_init(c, &pidfd);
		if (r == -ESRCH)
			return 0;
		if (r < 0)
			return err_sysf(e, r, "pidfd_open", "init %d", (int)c->held.pid);
	}
	/* A frozen v1 cgroup would keep it from dying. */
	r = cgroup_is_frozen(&c->held) > 0 ? cgroup_thaw(&c->held, e) : 0;
	if (c->boot.pidfd >= 0)
		return boot_kill(&c->boot, e);
	if (r >= 0) {
		r = sys_pidfd_send_signal(pidfd, SIGKILL);
		r = r == -ESRCH ? 0 : r;
	}
	if (r < 0)
		return err_sysf(e, r, "kill", "init %d", (int)c->held.pid);
	return boot_await_end(pidfd, e);
}

static int serve_init(struct tare_container *c, struct err *e)
{
	return boot_serve(&c->boot, e);
}

/* With the caller's rights, which a user namespace would have taken from init. */
static int limit_init(struct tare_container *c, struct err *e)
{
	int r = attrs_host_oom(&c->plan, c->boot.pid, e);

	return r < 0 ? r : rlimits_host(&c->plan, c->boot.pid, e);
}

/* Before the program sees its terminal: the size of ours, and no carriage returns. */
static int prepare_console(struct tare_container *c, struct err *e)
{
	(void)e;
	if (c->args->foreground && c->boot.console_fd >= 0)
		foreground_prepare(c->boot.console_fd);
	return 0;
}

static int record_created(struct tare_container *c, struct err *e)
{
	int r = 0;

	/* A later stage than the one that was cloned, perhaps. */
	if (c->held.pid != c->boot.pid)
		r = note_init(c, e);
	if (r < 0)
		return r;
	c->state.status = "created";
	return state_write(c, e);
}

int create_send_pidfd(const char *path, int pidfd, struct err *e)
{
	autofd int fd = sys_connect_unix(path);
	int r;

	if (fd < 0)
		return err_sys(e, fd, "connect", path);
	r = sys_send_fds(fd, "init", 4, &pidfd, 1);
	return r < 0 ? err_sys(e, r, "sendmsg", path) : 0;
}

static int send_pidfd(struct tare_container *c, struct err *e)
{
	if (!c->args->pidfd_socket)
		return 0;
	return create_send_pidfd(c->args->pidfd_socket, c->boot.pidfd, e);
}

static int release_init(struct tare_container *c, struct err *e)
{
	return boot_release(&c->boot, e);
}

int create_pid_file(const char *path, pid_t pid, struct err *e)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", (int)pid);
	int r = file_replace_at(AT_FDCWD, path, text, (size_t)len, 0644, false);

	return r < 0 ? err_sys(e, r, "write", path) : 0;
}

static int write_pid_file(struct tare_container *c, struct err *e)
{
	return c->args->pid_file ? create_pid_file(c->args->pid_file, c->held.pid, e) : 0;
}

/* clang-format off */
static const struct step host_steps[] = {
	/* name            field                  run              undo */
	{ "state dir",     NULL,                  state_make,      state_remove },
	{ "cgroup intent", "/linux/cgroupsPath",  record_cgroup,   NULL },
	{ "cgroup",        "/linux/cgroupsPath",  make_cgroup,     remove_cgroup },
	{ "limits",        "/linux/resources",    apply_limits,    NULL },
	{ "open cgroup",   "/linux/cgroupsPath",  open_cgroup,     NULL },
	{ "open namespaces", "/linux/namespaces", open_namespaces, NULL },
	{ "open sources",  "/mounts",             open_sources,    NULL },
	{ "fifos",         NULL,                  make_fifos,      NULL },
	{ "init",          "/linux/namespaces",   spawn_init,      kill_init },
	{ "serve",         NULL,                  serve_init,      NULL },
	{ "rlimits",       "/process/rlimits",    limit_init,      NULL },
	{ "console",       "/process/terminal",   prepare_console, NULL },
	{ "record",        NULL,                  record_created,  NULL },
	{ "pidfd socket",  NULL,                  send_pidfd,      NULL },
	{ "release",       NULL,                  release_init,    NULL },
	{ "pid file",      NULL,                  write_pid_file,  NULL },
};
/* clang-format on */

int create_undo(struct tare_container *c, struct err *e)
{
	return steps_undo(host_steps, N_ELEMENTS(host_steps), c, e);
}

/*
 * Ours are all close-on-exec, and some are directories of the host: where the caller
 * counts more descriptors than it has left us, they would be handed on.
 */
int create_check_preserved(unsigned n, struct err *e)
{
	for (unsigned i = 0; i < n; i++) {
		int r = sys_get_cloexec((int)(3 + i));

		if (r != 0)
			return err_usage(e,
					 "--preserve-fds %u: descriptor %u is not open",
					 n, 3 + i);
	}
	return 0;
}

static int find_bundle(struct tare_container *c, const struct tare_create_args *args,
		       struct err *e)
{
	const char *bundle = args->bundle ? args->bundle : ".";
	autofree char *real = NULL;
	struct stat st;
	int r = file_realpath(bundle, &real);

	if (r >= 0)
		r = sys_fstatat(AT_FDCWD, real, &st, 0);
	if (r >= 0 && !S_ISDIR(st.st_mode))
		r = -ENOTDIR;
	if (r < 0)
		return err_sys(e, r, "open bundle", bundle);
	c->options.bundle = arena_strdup(&c->arena, real);
	return 0;
}

static int load_config(struct tare_container *c, const struct tare_create_args *args,
		       struct err *e)
{
	autofd int dir_fd =
		sys_openat(AT_FDCWD, c->options.bundle, O_PATH | O_DIRECTORY, 0);

	if (dir_fd < 0)
		return err_sys(e, dir_fd, "open bundle", c->options.bundle);
	if (args->config)
		return spec_load(AT_FDCWD, args->config, &c->spec, e);
	return spec_load(dir_fd, "config.json", &c->spec, e);
}

static void take_options(struct tare_container *c, const struct tare_create_args *args)
{
	struct options *o = &c->options;

	c->args = args;
	o->id = c->held.id;
	o->cgroup_manager = args->cgroup_manager;
	o->console_socket = args->console_socket;
	o->no_pivot = args->no_pivot;
	o->no_new_keyring = args->no_new_keyring;
	o->foreground = args->foreground;
	o->preserve_fds = args->preserve_fds + args->listen_fds;
	o->listen_fds = args->listen_fds;
	o->listen_names = args->listen_names;
}

/* Everything that has no side effect: parse, check, plan. */
static int prepare(struct tare_container *c, const struct tare_create_args *args,
		   struct err *e)
{
	int r = find_bundle(c, args, e);

	take_options(c, args);
	if (r >= 0)
		r = load_config(c, args, e);
	if (r >= 0)
		r = container_probe_host(c, e);
	if (r >= 0)
		r = check_spec(c->spec, &c->options, e);
	if (r >= 0)
		r = plan_build(c, e);
	return r;
}

/* runtime.md, lifecycle: once hooks have been run, what fails ends with these. */
static void run_poststop(struct tare_container *c)
{
	struct err later = { 0 };
	char line[512];

	if (!c->held.pid || container_run_hooks(c, HOOK_POSTSTOP, &later) >= 0)
		return;
	err_format(&later, line, sizeof(line));
	log_warn("%s", line);
}

static int create(const struct tare_create_args *args, struct tare_container **ret,
		  struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = create_check_preserved(args->preserve_fds + args->listen_fds, e);

	if (r >= 0)
		r = container_new(args->root, args->id, true, &c, e);
	if (r >= 0)
		r = prepare(c, args, e);
	if (r < 0)
		return check_locate(c ? c->spec : NULL, r, e);
	boot_init(&c->boot, &c->plan);
	r = steps_run(host_steps, N_ELEMENTS(host_steps), c, e);
	if (r < 0) {
		run_poststop(c);
		return check_locate(c->spec, r, e);
	}
	c->boot.cancel_fd = -EBADF;
	lock_drop(c);
	*ret = c;
	c = NULL;
	return 0;
}

int tare_create(const struct tare_create_args *args, struct tare_container **ret,
		struct err *e)
{
	int r = create(args, ret, e);

	return r < 0 ? err_doing(e, r, "create container '%s'", args->id) : 0;
}

int tare_take_init(struct tare_container *c, struct tare_process *ret, struct err *e)
{
	if (c->boot.pidfd < 0)
		return err_state(e, -ESRCH,
				 "container '%s' was not created by this process",
				 c->held.id);
	*ret = (struct tare_process){
		.pid = c->held.pid,
		.pidfd = take_fd(&c->boot.pidfd),
		.console_fd = take_fd(&c->boot.console_fd),
	};
	return 0;
}
