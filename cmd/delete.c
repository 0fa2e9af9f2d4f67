/* SPDX-License-Identifier: Apache-2.0 */
/* delete.c - `delete <container>`: remove a container and all that belongs to it. */
#include "command.h"

#include "base/err.h"
#include "tare.h"

struct delete_args {
	bool force;
};

static const struct opt delete_opts[] = {
	{ 'f', "force", OPT_FLAG, offsetof(struct delete_args, force), NULL,
	  "kill it first if it runs; that there is none is no error" },
};

static int delete_run(const struct global_args *g, const void *args, char *const argv[],
		      struct err *e)
{
	const struct delete_args *a = args;

	return tare_delete(g->root, argv[0], a->force, e);
}

const struct command cmd_delete = {
	.name = "delete",
	.args = "<container>",
	.brief = "remove a container and all that belongs to it",
	.min_args = 1,
	.max_args = 1,
	.args_size = sizeof(struct delete_args),
	OPTS(delete_opts),
	.run = delete_run,
};
