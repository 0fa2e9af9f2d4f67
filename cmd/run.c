/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - `run <container>`: create, start, and, unless detached, be in front of the
 * container until it ends and delete it.
 *
 * Signals that ask us to end are held for the whole of it: while the container is
 * made they roll it back, afterwards they are passed on to it, and none can end us
 * between its end and its deletion.
 */
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "create.h"

struct run_args {
	struct create_args create;
	bool detach, keep;
};

static const struct opt run_opts[] = {
	{ 'd', "detach", OPT_FLAG, offsetof(struct run_args, detach), NULL,
	  "return as soon as the program runs" },
	{ 0, "keep", OPT_FLAG, offsetof(struct run_args, keep), NULL,
	  "do not delete the container when it has ended" },
	CREATE_OPTIONS(run_args),
};

static void warn_of(const struct err *e)
{
	char text[sizeof(struct err)];

	err_format(e, text, sizeof(text));
	log_warn("%s", text);
}

/* Remove what did not come to life; the first error is the one that counts. */
static void remove_failed(const struct tare_create_args *create)
{
	struct err e = { 0 };

	if (tare_delete(create->root, create->id, true, &e) < 0)
		warn_of(&e);
}

/* The program's exit status, or a negative errno. */
static int watch(struct tare_container *c, struct err *e)
{
	struct tare_process p = TARE_PROCESS_NONE;
	int code = 0, r = tare_take_init(c, &p, e);

	if (r == 0)
		r = tare_foreground(&p, &code, e);
	tare_process_close(&p);
	return r < 0 ? r : code;
}

/* A status of the program other than 0 is worth more than our trouble with the rest. */
static int remove_ended(struct tare_container *c, int code, struct err *e)
{
	struct err later = { 0 };
	int r = tare_remove(c, code ? &later : e);

	if (r < 0 && code)
		warn_of(&later);
	return code ? code : r;
}

static int run_container(const struct run_args *a, struct tare_create_args *create,
			 struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	int r = tare_create(create, &c, e);

	if (r < 0)
		return r;
	r = tare_start(c, e);
	if (r >= 0 && a->detach)
		return 0;
	if (r >= 0)
		r = watch(c, e);
	if (r < 0) {
		remove_failed(create);
		return r;
	}
	return a->keep ? r : remove_ended(c, r, e);
}

static int run_run(const struct global_args *g, const void *args, char *const argv[],
		   struct err *e)
{
	const struct run_args *a = args;
	autofd int cancel_fd = -EBADF;
	struct tare_create_args create;
	int r = command_check_manager(g, e);

	if (r == 0)
		r = tare_hold_signals(&cancel_fd, e);
	if (r < 0)
		return r;
	create_fill(&a->create, g, argv[0], &create);
	create.foreground = !a->detach;
	create.cancel_fd = cancel_fd;
	return run_container(a, &create, e);
}

const struct command cmd_run = {
	.name = "run",
	.args = "<container>",
	.brief = "create a container, start it and wait for its end",
	.examples =
		"  tare run web                          in front of it, on this terminal\n"
		"  tare run -d --bundle /srv/web web     in the background\n",
	.min_args = 1,
	.max_args = 1,
	.seals = true,
	.args_size = sizeof(struct run_args),
	OPTS(run_opts),
	.run = run_run,
};
