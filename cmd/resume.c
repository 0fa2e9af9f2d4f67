/* SPDX-License-Identifier: Apache-2.0 */
/* resume.c - `resume <container>`: let the processes of a paused container go on. */
#include "command.h"

#include "base/err.h"
#include "tare.h"

static int resume_run(const struct global_args *g, const void *args, char *const argv[],
		      struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = tare_load(g->root, argv[0], &c, e);

	(void)args;
	return r < 0 ? r : tare_resume(c, e);
}

const struct command cmd_resume = {
	.name = "resume",
	.args = "<container>",
	.brief = "let the processes of a paused container go on",
	.min_args = 1,
	.max_args = 1,
	.run = resume_run,
};
