/* SPDX-License-Identifier: Apache-2.0 */
/* create.c - `create <container>`: make a container that waits for `start`. */
#include "create.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"

#define MAX_LISTEN_FDS 1024

/*
 * Socket activation, if it is meant for us: LISTEN_PID is our pid. An engine may have
 * counted the same descriptors in --preserve-fds already (conmon does).
 */
static void take_listen_fds(struct tare_create_args *args)
{
	const char *fds = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	uint32_t n, for_pid;

	if (!fds || !pid || num_parse_u32(fds, &n) < 0 ||
	    num_parse_u32(pid, &for_pid) < 0 || for_pid != (uint32_t)getpid() || n == 0 ||
	    n > MAX_LISTEN_FDS)
		return;
	args->listen_fds = n;
	args->listen_names = getenv("LISTEN_FDNAMES");
	args->preserve_fds = args->preserve_fds == n ? 0 : args->preserve_fds;
}

struct create_command_args {
	struct create_args create;
};

static const struct opt create_opts[] = { CREATE_OPTIONS(create_command_args) };

void create_fill(const struct create_args *a, const struct global_args *g, const char *id,
		 struct tare_create_args *ret)
{
	*ret = (struct tare_create_args){
		.root = g->root,
		.id = id,
		.bundle = command_given(a->bundle),
		.config = command_given(a->config),
		.cgroup_manager = command_given(g->cgroup_manager),
		.console_socket = command_given(a->console_socket),
		.pid_file = command_given(a->pid_file),
		.pidfd_socket = command_given(a->pidfd_socket),
		.no_pivot = a->no_pivot,
		.no_new_keyring = a->no_new_keyring,
		.preserve_fds = a->preserve_fds,
	};
	take_listen_fds(ret);
}

static int create_run(const struct global_args *g, const void *args, char *const argv[],
		      struct err *e)
{
	const struct create_command_args *a = args;
	autocontainer struct tare_container *c = NULL;
	autofd int cancel_fd = -EBADF;
	struct tare_create_args create;
	int r = command_check_manager(g, e);

	if (r == 0)
		r = tare_hold_signals(&cancel_fd, e);
	if (r < 0)
		return r;
	create_fill(&a->create, g, argv[0], &create);
	create.cancel_fd = cancel_fd;
	return tare_create(&create, &c, e);
}

const struct command cmd_create = {
	.name = "create",
	.args = "<container>",
	.brief = "create a container, which then waits for 'start'",
	.examples = "  tare create --bundle /srv/web --pid-file /run/web.pid web\n",
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.args_size = sizeof(struct create_command_args),
	OPTS(create_opts),
	.run = create_run,
};
