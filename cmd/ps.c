/* SPDX-License-Identifier: Apache-2.0 */
/* ps.c - `ps <container> [<ps argument>...]`: print the processes of a container. */
#include "command.h"

#include <limits.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "columns.h"
#include "proc.h"
#include "spec/emit.h"
#include "table.h"
#include "tare.h"

struct ps_args {
	const char *format;
};

static const struct opt ps_opts[] = {
	{ 'f', "format", OPT_STRING, offsetof(struct ps_args, format), "FORMAT",
	  "table (the default), or json: the pids alone" },
};

static int write_json(const pid_t *pids, size_t n, struct str *out, struct err *e)
{
	struct emit m;
	int r;

	emit_begin(&m, out, 0);
	emit_array(&m);
	for (size_t i = 0; i < n; i++)
		emit_i64(&m, pids[i]);
	emit_array_end(&m);
	r = emit_end(&m);
	if (r < 0)
		return err_sys(e, r, "print", "the pids");
	str_add(out, "\n");
	return 0;
}

static void add_header(struct table *t, const struct chosen_columns *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n; i++)
		any = any || c->header[i][0];
	for (size_t i = 0; any && !c->no_header && i < c->n; i++)
		table_add(t, c->header[i]);
}

static int write_table(const pid_t *pids, size_t n, const struct chosen_columns *c,
		       struct str *out, struct err *e)
{
	autotable struct table t = { .n_columns = (unsigned)c->n, .gap = 1 };
	autofree struct proc *p = malloc(sizeof(*p));
	struct proc_host host;
	int r = proc_read_host(&host);

	if (!p)
		abort();
	if (r < 0)
		return err_sys(e, r, "read", "/proc/uptime");
	for (size_t i = 0; i < c->n; i++)
		t.right |= (uint64_t)c->v[i]->is_right << i;
	add_header(&t, c);
	for (size_t i = 0; i < n; i++) {
		if (proc_read(pids[i], p) < 0)
			continue; /* it has ended meanwhile */
		for (size_t j = 0; j < c->n; j++)
			c->v[j]->add(&t, p, &host);
	}
	table_write(&t, out);
	return 0;
}

static int ps_run(const struct global_args *g, const void *args, char *const argv[],
		  struct err *e)
{
	const struct ps_args *a = args;
	const char *format = str_empty(a->format) ? "table" : a->format;
	bool is_json = str_eq(format, "json");
	autocontainer struct tare_container *c = NULL;
	autofree pid_t *pids = NULL;
	autostr struct str out = { 0 };
	struct chosen_columns columns;
	size_t n;
	int r;

	if (!is_json && !str_eq(format, "table"))
		return err_usage(e, "option '--format' is table or json, not '%s'",
				 format);
	r = columns_choose(argv + 1, &columns, e);
	if (r == 0)
		r = tare_load(g->root, argv[0], &c, e);
	if (r == 0)
		r = tare_pids(c, &pids, &n, e);
	if (r == 0)
		r = is_json ? write_json(pids, n, &out, e)
			    : write_table(pids, n, &columns, &out, e);
	return r < 0 ? r : command_print(&out, e);
}

const struct command cmd_ps = {
	.name = "ps",
	.args = "<container> [<ps argument>...]",
	.brief = "print the processes of a container",
	.examples = "  tare ps web\n"
		    "  tare ps web aux\n"
		    "  tare ps web -o pid,etime,args\n"
		    "  tare ps --format json web\n",
	.min_args = 1,
	.max_args = UINT_MAX,
	.stop_at_id = true,
	.args_size = sizeof(struct ps_args),
	OPTS(ps_opts),
	.is_query = true,
	.run = ps_run,
};
