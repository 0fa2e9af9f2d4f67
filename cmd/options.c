/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - read a command line as its table of options says; see options.h.
 *
 * getopt_long() has no Go-style long options with one dash, which containerd's client
 * uses, and its messages are not ours to word.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "command.h"
#include "nearest.h"

struct parser {
	const struct opt *opts;
	size_t n_opts;
	char *const *next; /* rest of argv */
	char *args;
	bool *help;
	struct err *e;
};

static bool takes_value(const struct opt *o)
{
	return o->kind != OPT_FLAG && o->kind != OPT_IGNORED;
}

static const struct opt *find_long(const struct parser *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->n_opts; i++) {
		const char *long_name = p->opts[i].name;

		if (strlen(long_name) == len && memcmp(long_name, name, len) == 0)
			return &p->opts[i];
	}
	return NULL;
}

static const struct opt *find_short(const struct parser *p, char name)
{
	for (size_t i = 0; i < p->n_opts; i++) {
		if (p->opts[i].short_name == name && name)
			return &p->opts[i];
	}
	return NULL;
}

/* How the reader typed it, without its value: "--root", "-b". */
static int name_len(const char *arg)
{
	return (int)strcspn(arg, "=");
}

static int unknown(const struct parser *p, const char *arg)
{
	const char *name = arg + strspn(arg, "-");
	struct nearest n = nearest_to(name, (size_t)name_len(name));
	int r = err_usage(p->e, "unknown option '%.*s'", name_len(arg), arg);

	for (size_t i = 0; i < p->n_opts; i++)
		nearest_try(&n, p->opts[i].name);
	nearest_try(&n, "help");
	if (n.best)
		return err_hint(p->e, r, "did you mean '--%s'?", n.best);
	if (p->opts == global_opts)
		return r;
	for (size_t i = 0; i < n_global_opts; i++) {
		if (strlen(global_opts[i].name) == (size_t)name_len(name) &&
		    strncmp(global_opts[i].name, name, (size_t)name_len(name)) == 0)
			return err_hint(
				p->e, r,
				"'--%s' is for all commands: it stands before the "
				"command's name",
				global_opts[i].name);
	}
	return r;
}

static int set_flag(struct parser *p, const struct opt *o, const char *value)
{
	static const char *const yes[] = { "true", "True", "TRUE", "t", "T", "1" };
	static const char *const no[] = { "false", "False", "FALSE", "f", "F", "0" };
	bool *flag = (bool *)(p->args + o->offset);

	for (size_t i = 0; i < N_ELEMENTS(yes); i++) {
		if (!value || strcmp(value, yes[i]) == 0 || strcmp(value, no[i]) == 0) {
			if (o->kind == OPT_FLAG)
				*flag = !value || strcmp(value, yes[i]) == 0;
			return 0;
		}
	}
	return err_usage(p->e, "option '--%s' is true or false, not '%s'", o->name,
			 value);
}

static void add_value(struct opt_list *list, const char *value)
{
	const char **v = reallocarray(list->v, list->n + 1, sizeof(*v));

	if (!v)
		abort();
	list->v = v;
	list->v[list->n++] = value;
}

static int set_value(struct parser *p, const struct opt *o, const char *value)
{
	void *member = p->args + o->offset;
	uint32_t number;

	switch (o->kind) {
	case OPT_STRING:
		*(const char **)member = value;
		return 0;
	case OPT_LIST:
		add_value(member, value);
		return 0;
	case OPT_UINT:
		if (num_parse_u32(value, &number) < 0)
			return err_usage(p->e, "option '--%s' is a number, not '%s'",
					 o->name, value);
		*(unsigned *)member = number;
		return 0;
	case OPT_FLAG:
	case OPT_IGNORED:
	case OPT_IGNORED_STRING:
		break;
	}
	return 0;
}

/* An option whose value, if attached, is `value`; else it is the next argument. */
static int take_option(struct parser *p, const struct opt *o, const char *value)
{
	if (!takes_value(o))
		return set_flag(p, o, value);
	if (!value) {
		value = *p->next;
		if (!value)
			return err_usage(p->e, "flag needs an argument: --%s", o->name);
		p->next++;
	}
	return set_value(p, o, value);
}

/* -abc: flags, of which the last may have a value; or -bVALUE. */
static int take_short(struct parser *p, const char *arg)
{
	const struct opt *first = find_short(p, arg[1]);

	if (first && takes_value(first) && arg[2])
		return take_option(p, first, arg[2] == '=' ? arg + 3 : arg + 2);
	for (const char *c = arg + 1; *c && *c != '='; c++) {
		const struct opt *o = find_short(p, *c);

		if (!o || (takes_value(o) && c[1] && c[1] != '='))
			return unknown(p, arg);
	}
	for (const char *c = arg + 1; *c && *c != '='; c++) {
		const char *value = c[1] == '=' ? c + 2 : NULL;
		int r = take_option(p, find_short(p, *c), value);

		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_help(const char *arg)
{
	static const char *const help[] = { "-h", "--help", "-help", "-?" };

	for (size_t i = 0; i < N_ELEMENTS(help); i++) {
		if (strcmp(arg, help[i]) == 0)
			return true;
	}
	return false;
}

static int take_dashed(struct parser *p, const char *arg)
{
	size_t dashes = arg[1] == '-' ? 2 : 1;
	const char *name = arg + dashes, *equals = strchr(name, '=');
	const struct opt *o = find_long(p, name, (size_t)name_len(name));

	if (o)
		return take_option(p, o, equals ? equals + 1 : NULL);
	if (is_help(arg)) {
		*p->help = true;
		return 0;
	}
	return dashes == 1 ? take_short(p, arg) : unknown(p, arg);
}

int options_parse(const struct opt *opts, size_t n_opts, unsigned end_at,
		  char *const argv[], void *args, char **positional, bool *ret_help,
		  struct err *e)
{
	struct parser p = { opts, n_opts, argv, args, ret_help, e };
	bool ended = false;
	size_t n = 0;

	*ret_help = false;
	while (*p.next && !*ret_help) {
		char *arg = *p.next++;
		int r = 0;

		if (ended || arg[0] != '-' || !arg[1]) {
			positional[n++] = arg;
			ended = ended || n == end_at;
		} else if (strcmp(arg, "--") == 0) {
			ended = true;
		} else {
			r = take_dashed(&p, arg);
		}
		if (r < 0)
			return r;
	}
	positional[n] = NULL;
	return 0;
}

void options_free(const struct opt *opts, size_t n_opts, void *args)
{
	for (size_t i = 0; i < n_opts; i++) {
		struct opt_list *list;

		if (opts[i].kind != OPT_LIST)
			continue;
		list = (struct opt_list *)((char *)args + opts[i].offset);
		free(list->v);
		*list = (struct opt_list){ 0 };
	}
}

int options_parse_command(const struct command *c, char *const argv[], void *args,
			  char **positional, bool *ret_help, struct err *e)
{
	unsigned end_at = c->stop_at_id ? 1 : c->stop_at_first ? 2 : 0;
	size_t n = 0;
	int r = options_parse(c->opts, c->n_opts, end_at, argv, args, positional,
			      ret_help, e);

	if (r < 0)
		return err_hint(e, r, "'tare %s --help' lists its options", c->name);
	if (*ret_help)
		return 0;
	while (positional[n])
		n++;
	if (n < c->min_args)
		r = err_usage(e, "'%s' needs more arguments", c->name);
	else if (n > c->max_args)
		r = err_usage(e, "'%s' does not take the argument '%s'", c->name,
			      positional[c->max_args]);
	if (r < 0)
		return err_hint(e, r, "usage: tare %s%s%s%s", c->name,
				c->n_opts ? " [options]" : "", *c->args ? " " : "",
				c->args);
	return 0;
}
