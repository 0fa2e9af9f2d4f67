/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - `list`: print the containers below the state directory. */
#include "command.h"

#include "base/err.h"
#include "base/str.h"
#include "spec/emit.h"
#include "state.h"
#include "table.h"
#include "tare.h"

struct list_args {
	const char *format;
	bool quiet;
};

static const struct opt list_opts[] = {
	{ 'f', "format", OPT_STRING, offsetof(struct list_args, format), "FORMAT",
	  "table (the default) or json" },
	{ 'q', "quiet", OPT_FLAG, offsetof(struct list_args, quiet), NULL,
	  "print only the ids" },
};

static int add_id(void *ctx, const struct tare_state *s)
{
	str_addf(ctx, "%s\n", s->id);
	return 0;
}

static int add_json(void *ctx, const struct tare_state *s)
{
	state_show(ctx, s);
	return 0;
}

static int add_row(void *ctx, const struct tare_state *s)
{
	struct table *t = ctx;

	table_add(t, s->id);
	table_addf(t, "%d", (int)s->pid);
	table_add(t, tare_status_name(s->status));
	table_add(t, s->bundle);
	table_add(t, s->created);
	table_add(t, s->owner);
	return 0;
}

static int list_json(const char *root, struct str *out, struct err *e)
{
	struct emit m;
	int r, r_emit;

	emit_begin(&m, out, EMIT_LOSSY);
	emit_array(&m);
	r = tare_list(root, add_json, &m, e);
	emit_array_end(&m);
	r_emit = emit_end(&m);
	if (r == 0 && r_emit < 0)
		return err_sys(e, r_emit, "print", "the list");
	str_add(out, "\n");
	return r;
}

/* The layout scripts know from runc: columns of 12 or more, 3 blanks between them. */
static int list_table(const char *root, struct str *out, struct err *e)
{
	static const char *const header[] = { "ID",     "PID",     "STATUS",
					      "BUNDLE", "CREATED", "OWNER" };
	autotable struct table t = { .n_columns = N_ELEMENTS(header),
				     .min_width = 12,
				     .gap = 3 };
	int r;

	for (size_t i = 0; i < N_ELEMENTS(header); i++)
		table_add(&t, header[i]);
	r = tare_list(root, add_row, &t, e);
	if (r == 0)
		table_write(&t, out);
	return r;
}

static int list_run(const struct global_args *g, const void *args, char *const argv[],
		    struct err *e)
{
	const struct list_args *a = args;
	const char *format = str_empty(a->format) ? "table" : a->format;
	autostr struct str out = { 0 };
	int r;

	(void)argv;
	if (a->quiet)
		r = tare_list(g->root, add_id, &out, e);
	else if (str_eq(format, "json"))
		r = list_json(g->root, &out, e);
	else if (str_eq(format, "table"))
		r = list_table(g->root, &out, e);
	else
		r = err_usage(e, "option '--format' is table or json, not '%s'", format);
	return r < 0 ? r : command_print(&out, e);
}

const struct command cmd_list = {
	.name = "list",
	.args = "",
	.brief = "print the containers there are",
	.args_size = sizeof(struct list_args),
	OPTS(list_opts),
	.is_query = true,
	.run = list_run,
};
