/* SPDX-License-Identifier: Apache-2.0 */
/* start.c - `start <container>`: start the program of a container that was created. */
#include "command.h"

#include "base/err.h"
#include "tare.h"

static int start_run(const struct global_args *g, const void *args, char *const argv[],
		     struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = tare_load(g->root, argv[0], &c, e);

	(void)args;
	return r < 0 ? r : tare_start(c, e);
}

const struct command cmd_start = {
	.name = "start",
	.args = "<container>",
	.brief = "start the program of a container that was created",
	.min_args = 1,
	.max_args = 1,
	.run = start_run,
};
