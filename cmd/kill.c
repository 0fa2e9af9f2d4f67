/* SPDX-License-Identifier: Apache-2.0 */
/* kill.c - `kill <container> [<signal>]`: send a signal to a container. */
#include "command.h"

#include <signal.h>

#include "base/err.h"
#include "tare.h"

struct kill_args {
	bool all;
};

static const struct opt kill_opts[] = {
	{ 'a', "all", OPT_FLAG, offsetof(struct kill_args, all), NULL,
	  "signal every process of the container, not only its init" },
};

static int kill_run(const struct global_args *g, const void *args, char *const argv[],
		    struct err *e)
{
	const struct kill_args *a = args;
	autocontainer struct tare_container *c = NULL;
	int sig = SIGTERM, r;

	if (argv[1]) {
		r = tare_signal_parse(argv[1], &sig, e);
		if (r < 0)
			return r;
	}
	r = tare_load(g->root, argv[0], &c, e);
	return r < 0 ? r : tare_kill(c, sig, a->all, e);
}

const struct command cmd_kill = {
	.name = "kill",
	.args = "<container> [<signal>]",
	.brief = "send a signal to a container, by default TERM",
	.examples = "  tare kill web\n"
		    "  tare kill web KILL\n"
		    "  tare kill --all web 9\n",
	.min_args = 1,
	.max_args = 2,
	.args_size = sizeof(struct kill_args),
	OPTS(kill_opts),
	.run = kill_run,
};
