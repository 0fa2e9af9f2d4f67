/* SPDX-License-Identifier: Apache-2.0 */
/* exec.c - `exec <container> <program>...`: run one more process in a container. */
#include "command.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "tare.h"

struct exec_args {
	const char *process, *user, *cwd, *console_socket, *pid_file, *pidfd_socket;
	const char *apparmor, *process_label;
	struct opt_list env, caps, gids, cgroup;
	bool terminal, detach, ignore_paused, no_new_privs;
	unsigned preserve_fds;
};

#define ARG(member) offsetof(struct exec_args, member)

/* clang-format off */
static const struct opt exec_opts[] = {
	{ 'd', "detach", OPT_FLAG, ARG(detach), NULL,
	  "return as soon as the program runs" },
	{ 't', "tty", OPT_FLAG, ARG(terminal), NULL,
	  "give the program a terminal" },
	{ 'u', "user", OPT_STRING, ARG(user), "UID[:GID]",
	  "user and group of the program, as numbers" },
	{ 'g', "additional-gids", OPT_LIST, ARG(gids), "GID",
	  "one more group of the program; may be repeated" },
	{ 'e', "env", OPT_LIST, ARG(env), "NAME=VALUE",
	  "set a variable of its environment; may be repeated" },
	{ 0, "cwd", OPT_STRING, ARG(cwd), "DIR",
	  "the directory it begins in" },
	{ 'c', "cap", OPT_LIST, ARG(caps), "CAP",
	  "one more capability of the program; may be repeated" },
	{ 'p', "process", OPT_STRING, ARG(process), "FILE",
	  "read the process from FILE, a JSON document like /process of config.json" },
	{ 0, "no-new-privs", OPT_FLAG, ARG(no_new_privs), NULL,
	  "keep the program from gaining privileges by execve" },
	{ 0, "apparmor", OPT_STRING, ARG(apparmor), "PROFILE",
	  "AppArmor profile of the program; not supported yet" },
	{ 0, "process-label", OPT_STRING, ARG(process_label), "LABEL",
	  "SELinux label of the program; not supported yet" },
	{ 0, "cgroup", OPT_LIST, ARG(cgroup), "[CTRL[,CTRL]:]PATH",
	  "run in this cgroup below the container's; not supported yet" },
	{ 0, "console-socket", OPT_STRING, ARG(console_socket), "SOCKET",
	  "send the master side of the program's terminal to this socket" },
	{ 0, "pid-file", OPT_STRING, ARG(pid_file), "FILE",
	  "write the program's pid to FILE" },
	{ 0, "pidfd-socket", OPT_STRING, ARG(pidfd_socket), "SOCKET",
	  "send a pidfd of the program to this socket" },
	{ 0, "preserve-fds", OPT_UINT, ARG(preserve_fds), "N",
	  "hand on N more descriptors, from 3 on" },
	{ 0, "ignore-paused", OPT_FLAG, ARG(ignore_paused), NULL,
	  "begin in a paused container, too; the program runs once it is resumed" },
	{ 0, "no-subreaper", OPT_IGNORED, 0, NULL,
	  "ignored; for callers of other runtimes" },
};
/* clang-format on */

static int check_env(const struct opt_list *env, struct err *e)
{
	for (size_t i = 0; i < env->n; i++) {
		const char *equals = strchr(env->v[i], '=');

		if (!equals || equals == env->v[i])
			return err_usage(e, "'%s' is not NAME=VALUE", env->v[i]);
	}
	return 0;
}

static int parse_gids(const struct opt_list *list, gid_t **ret, struct err *e)
{
	autofree gid_t *gids = calloc(list->n + 1, sizeof(*gids));

	if (!gids)
		abort();
	for (size_t i = 0; i < list->n; i++) {
		uint32_t gid;

		if (num_parse_u32(list->v[i], &gid) < 0 || gid == UINT32_MAX)
			return err_usage(e, "'%s' is not a group", list->v[i]);
		gids[i] = gid;
	}
	*ret = gids;
	gids = NULL;
	return 0;
}

/* The program's exit status, or a negative errno. */
static int run_process(struct tare_container *c, const struct tare_exec_args *args,
		       struct err *e)
{
	struct tare_process p = TARE_PROCESS_NONE;
	int code = 0, r = tare_exec(c, args, &p, e);

	if (r == 0 && !args->detach)
		r = tare_foreground(&p, &code, e);
	tare_process_close(&p);
	return r < 0 ? r : code;
}

static int check_args(const struct exec_args *a, char *const argv[], struct err *e)
{
	if (command_given(a->process) || argv[1])
		return check_env(&a->env, e);
	return err_hint(e, err_usage(e, "there is no program to run"),
			"usage: tare exec [options] <container> <program>...");
}

static int exec_run(const struct global_args *g, const void *args, char *const argv[],
		    struct err *e)
{
	const struct exec_args *a = args;
	autocontainer struct tare_container *c = NULL;
	autofree gid_t *gids = NULL;
	autofd int cancel_fd = -EBADF;
	struct tare_exec_args exec = {
		.process = command_given(a->process),
		.argv = argv + 1,
		.env = a->env.v,
		.n_env = a->env.n,
		.user = a->user, /* "" is no user, but a mistake */
		.cwd = command_given(a->cwd),
		.terminal = a->terminal,
		.detach = a->detach,
		.console_socket = command_given(a->console_socket),
		.pid_file = command_given(a->pid_file),
		.pidfd_socket = command_given(a->pidfd_socket),
		.ignore_paused = a->ignore_paused,
		.preserve_fds = a->preserve_fds,
		.caps = a->caps.v,
		.n_caps = a->caps.n,
		.n_additional_gids = a->gids.n,
		.no_new_privs = a->no_new_privs,
		.apparmor = command_given(a->apparmor),
		.process_label = command_given(a->process_label),
		.cgroup = a->cgroup.v,
		.n_cgroup = a->cgroup.n,
	};
	int r = check_args(a, argv, e);

	if (r == 0)
		r = parse_gids(&a->gids, &gids, e);
	if (r == 0)
		r = tare_load(g->root, argv[0], &c, e);
	if (r == 0)
		r = tare_hold_signals(&cancel_fd, e);
	if (r < 0)
		return err_doing(e, r, "exec failed");
	exec.additional_gids = gids;
	exec.cancel_fd = cancel_fd;
	return run_process(c, &exec, e);
}

const struct command cmd_exec = {
	.name = "exec",
	.args = "<container> [<program>...]",
	.brief = "run one more process in a container",
	.examples = "  tare exec -t web sh\n"
		    "  tare exec -u 1000:1000 -e LANG=C --cwd /tmp web ls -l\n"
		    "  tare exec --process process.json -d --pid-file /run/x.pid web\n",
	.min_args = 1,
	.max_args = UINT_MAX,
	.stop_at_first = true,
	.seals = true,
	.args_size = sizeof(struct exec_args),
	OPTS(exec_opts),
	.run = exec_run,
};
