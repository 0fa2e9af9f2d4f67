/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - `help [<command>]`, and the texts of --help, made from the tables. */
#include "help.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "command.h"
#include "nearest.h"

#define COLUMNS   80
#define LEFT_MAX  26 /* longer names get a line of their own */
#define NAME_SIZE 64

/* text from column `from` on, words wrapped and the next lines indented likewise. */
static void add_wrapped(struct str *out, const char *text, size_t from)
{
	size_t column = from;

	for (bool first = true; *text; first = false) {
		size_t len = strcspn(text, " ");

		if (!first && column + 1 + len > COLUMNS) {
			str_addf(out, "\n%*s", (int)from, "");
			column = from;
		} else if (!first) {
			str_add(out, " ");
			column++;
		}
		str_addn(out, text, len);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	str_add(out, "\n");
}

static void add_row(struct str *out, const char *left, size_t width, const char *text)
{
	if (strlen(left) > width)
		str_addf(out, "  %s\n  %*s  ", left, (int)width, "");
	else
		str_addf(out, "  %-*s  ", (int)width, left);
	add_wrapped(out, text, width + 4);
}

/* "-b, --bundle DIR" */
static void option_name(const struct opt *o, char name[NAME_SIZE])
{
	char shorter[] = "    ";

	if (o->short_name) {
		shorter[0] = '-';
		shorter[1] = o->short_name;
		shorter[2] = ',';
	}
	(void)str_format(name, NAME_SIZE, "%s--%s%s%s", shorter, o->name,
			 o->value ? " " : "", o->value ? o->value : "");
}

static void add_options(struct str *out, const struct opt *opts, size_t n)
{
	char name[NAME_SIZE];
	size_t width = 0;

	for (size_t i = 0; i < n; i++) {
		option_name(&opts[i], name);
		if (strlen(name) > width && strlen(name) <= LEFT_MAX)
			width = strlen(name);
	}
	for (size_t i = 0; i < n; i++) {
		option_name(&opts[i], name);
		if (opts[i].brief)
			add_row(out, name, width, opts[i].brief);
	}
	add_row(out, "-h, --help", width, "print this text");
}

void help_program(struct str *out)
{
	size_t width = 0;

	str_add(out, "Usage: tare [global options] <command> [options] [arguments]\n\n"
		     "Run containers as the Open Container Initiative specifies them.\n\n"
		     "Commands:\n");
	for (size_t i = 0; commands[i]; i++) {
		if (!commands[i]->hidden && strlen(commands[i]->name) > width)
			width = strlen(commands[i]->name);
	}
	for (size_t i = 0; commands[i]; i++) {
		if (!commands[i]->hidden)
			add_row(out, commands[i]->name, width, commands[i]->brief);
	}
	str_add(out, "\nGlobal options:\n");
	add_options(out, global_opts, n_global_opts);
	str_add(out, "\nExamples:\n"
		     "  tare spec                   write a config.json to begin with\n"
		     "  tare run web                run the bundle in this directory\n"
		     "  tare exec -t web sh         a shell in a container that runs\n"
		     "  tare kill web && tare delete web\n"
		     "\n'tare <command> --help' says more; so does tare(1).\n");
}

void help_command(const struct command *c, struct str *out)
{
	str_addf(out, "Usage: tare [global options] %s [options]%s%s\n\n", c->name,
		 *c->args ? " " : "", c->args);
	str_addf(out, "%c%s.\n\nOptions:\n", c->brief[0] - 'a' + 'A', c->brief + 1);
	add_options(out, c->opts, c->n_opts);
	if (c->examples)
		str_addf(out, "\nExamples:\n%s", c->examples);
}

int help_unknown(const char *name, struct err *e)
{
	struct nearest n = nearest_to(name, strlen(name));
	int r = err_usage(e, "unknown command '%s'", name);

	for (size_t i = 0; commands[i]; i++)
		nearest_try(&n, commands[i]->name);
	if (n.best)
		return err_hint(e, r, "did you mean '%s'?", n.best);
	return err_hint(e, r, "'tare --help' lists the commands");
}

static int help_run(const struct global_args *g, const void *args, char *const argv[],
		    struct err *e)
{
	const struct command *c = argv[0] ? command_find(argv[0]) : NULL;
	autostr struct str out = { 0 };

	(void)g;
	(void)args;
	if (argv[0] && !c)
		return help_unknown(argv[0], e);
	if (c)
		help_command(c, &out);
	else
		help_program(&out);
	return command_print(&out, e);
}

const struct command cmd_help = {
	.name = "help",
	.args = "[<command>]",
	.brief = "say how tare or one of its commands is used",
	.max_args = 1,
	.is_query = true,
	.run = help_run,
};
