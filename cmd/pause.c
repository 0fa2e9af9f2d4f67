/* SPDX-License-Identifier: Apache-2.0 */
/* pause.c - `pause <container>`: freeze all processes of a container. */
#include "command.h"

#include "base/err.h"
#include "tare.h"

static int pause_run(const struct global_args *g, const void *args, char *const argv[],
		     struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = tare_load(g->root, argv[0], &c, e);

	(void)args;
	return r < 0 ? r : tare_pause(c, e);
}

const struct command cmd_pause = {
	.name = "pause",
	.args = "<container>",
	.brief = "freeze all processes of a container",
	.min_args = 1,
	.max_args = 1,
	.run = pause_run,
};
