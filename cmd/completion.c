/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion.c - `completion <shell>`: print the completion for bash, zsh or fish.
 *
 * Made from the tables that parse the command line, and checked in under
 * completions/; a test compares. Hidden, for it is of use to packagers alone.
 */
#include "command.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

/* What the words after the options are. */
enum words { WORDS_NONE, WORDS_CONTAINER, WORDS_COMMAND };

static enum words words_of(const struct command *c)
{
	if (strncmp(c->args, "<container>", strlen("<container>")) != 0)
		return c == &cmd_help ? WORDS_COMMAND : WORDS_NONE;
	/* A new container has no id yet. */
	return c == &cmd_create || c == &cmd_run ? WORDS_NONE : WORDS_CONTAINER;
}

static bool takes_value(const struct opt *o)
{
	return o->value != NULL;
}

static const char *value_words(const struct opt *o)
{
	static const struct {
		const char *option, *words;
	} known[] = {
		{ "log-format", "text json" },
		{ "log-level", "error warning debug" },
		{ "cgroup-manager", "cgroupfs disabled" },
		{ "rootless", "true false auto" },
		{ "format", "table json" },
	};

	for (size_t i = 0; i < N_ELEMENTS(known); i++) {
		if (strcmp(known[i].option, o->name) == 0)
			return known[i].words;
	}
	return NULL;
}

static bool is_directory(const struct opt *o)
{
	return str_eq(o->value, "DIR");
}

static bool is_file(const struct opt *o)
{
	return str_eq(o->value, "FILE") || str_eq(o->value, "SOCKET") ||
	       str_eq(o->value, "PATH");
}

static bool is_shown(const struct opt *o)
{
	return o->brief && o->kind != OPT_IGNORED && o->kind != OPT_IGNORED_STRING;
}

static void add_command_names(struct str *out)
{
	bool first = true;

	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->hidden)
			continue;
		str_addf(out, "%s%s", first ? "" : " ", commands[i]->name);
		first = false;
	}
}

/* text in single quotes; zsh wants brackets and colons escaped */
static void add_quoted(struct str *out, const char *text, const char *escape)
{
	for (; *text; text++) {
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_addf(out, strchr(escape, *text) ? "\\%c" : "%c", *text);
	}
}

/* bash */

static void bash_names(struct str *out, const struct opt *opts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_shown(&opts[i]))
			str_addf(out, "--%s ", opts[i].name);
	}
	str_add(out, "--help");
}

/* The cases of options with a value: "--bundle | -b)" */
static void bash_values(struct str *out, const struct opt *opts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct opt *o = &opts[i];

		if (!is_shown(o) || !takes_value(o))
			continue;
		str_addf(out, "\t\t--%s", o->name);
		if (o->short_name)
			str_addf(out, " | -%c", o->short_name);
		str_add(out, ")\n\t\t\t");
		if (value_words(o))
			str_addf(out, "_tare_words \"%s\"", value_words(o));
		else if (is_directory(o))
			str_add(out, "mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")");
		else if (is_file(o))
			str_add(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")");
		else
			str_add(out, ":");
		str_add(out, "\n\t\t\treturn\n\t\t\t;;\n");
	}
}

static void bash_command(struct str *out, const struct command *c)
{
	str_addf(out, "\t%s)\n", c->name);
	if (c->n_opts > 0) {
		str_add(out, "\t\tcase $prev in\n");
		bash_values(out, c->opts, c->n_opts);
		str_add(out, "\t\tesac\n");
	}
	str_add(out, "\t\tif [[ $cur == -* ]]; then\n\t\t\t_tare_words \"");
	bash_names(out, c->opts, c->n_opts);
	str_add(out, "\"\n");
	if (words_of(c) == WORDS_CONTAINER)
		str_add(out, "\t\telse\n\t\t\t_tare_words \"$(\"${tare[@]}\" list -q "
			     "2>/dev/null)\"\n");
	if (words_of(c) == WORDS_COMMAND)
		str_add(out, "\t\telse\n\t\t\t_tare_words \"$commands\"\n");
	str_add(out, "\t\tfi\n\t\t;;\n");
}

static void bash_write(struct str *out)
{
	str_add(out,
		"# SPDX-License-Identifier: Apache-2.0\n"
		"# bash completion of tare; made by `tare completion bash`\n"
		"# shellcheck shell=bash\n\n"
		"_tare_words() {\n"
		"\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
		"}\n\n"
		"_tare() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal -a tare=(\"${COMP_WORDS[0]}\")\n"
		"\tlocal command=\"\" commands=\"");
	add_command_names(out);
	str_add(out, "\" i\n\n"
		     "\tCOMPREPLY=()\n"
		     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		     "\t\tcase ${COMP_WORDS[i]} in\n"
		     "\t\t--root)\n"
		     "\t\t\ttare+=(--root \"${COMP_WORDS[i + 1]}\")\n"
		     "\t\t\t((i++))\n"
		     "\t\t\t;;\n\t\t");
	for (size_t i = 0, n = 0; i < n_global_opts; i++) {
		if (takes_value(&global_opts[i]) &&
		    strcmp(global_opts[i].name, "root") != 0)
			str_addf(out, "%s--%s", n++ ? " | " : "", global_opts[i].name);
	}
	str_add(out, ") ((i++)) ;;\n"
		     "\t\t-*) ;;\n"
		     "\t\t*)\n"
		     "\t\t\tcommand=${COMP_WORDS[i]}\n"
		     "\t\t\tbreak\n"
		     "\t\t\t;;\n"
		     "\t\tesac\n"
		     "\tdone\n\n"
		     "\tcase $command in\n"
		     "\t\"\")\n"
		     "\t\tcase $prev in\n");
	bash_values(out, global_opts, n_global_opts);
	str_add(out, "\t\tesac\n\t\tif [[ $cur == -* ]]; then\n\t\t\t_tare_words \"");
	bash_names(out, global_opts, n_global_opts);
	str_add(out, "\"\n\t\telse\n\t\t\t_tare_words \"$commands\"\n\t\tfi\n\t\t;;\n");
	for (size_t i = 0; commands[i]; i++) {
		if (!commands[i]->hidden)
			bash_command(out, commands[i]);
	}
	str_add(out, "\tesac\n}\n\ncomplete -F _tare tare\n");
}

/* zsh */

static void zsh_value(struct str *out, const struct opt *o)
{
	str_addf(out, ":%s:", o->value);
	if (value_words(o))
		str_addf(out, "(%s)", value_words(o));
	else if (is_directory(o))
		str_add(out, "_directories");
	else if (is_file(o))
		str_add(out, "_files");
	else
		str_add(out, " ");
}

static void zsh_options(struct str *out, const struct opt *opts, size_t n,
			const char *indent)
{
	for (size_t i = 0; i < n; i++) {
		const struct opt *o = &opts[i];

		if (!is_shown(o))
			continue;
		str_addf(out, "%s", indent);
		if (o->short_name)
			str_addf(out, "{-%c%s,--%s%s}'[", o->short_name,
				 takes_value(o) ? "+" : "", o->name,
				 takes_value(o) ? "=" : "");
		else
			str_addf(out, "'--%s%s[", o->name, takes_value(o) ? "=" : "");
		add_quoted(out, o->brief, "[]:");
		str_add(out, "]");
		if (takes_value(o))
			zsh_value(out, o);
		str_add(out, "' \\\n");
	}
	str_addf(out, "%s{-h,--help}'[print help]' \\\n", indent);
}

static void zsh_command(struct str *out, const struct command *c)
{
	str_addf(out, "\t%s)\n\t\t_arguments \\\n", c->name);
	zsh_options(out, c->opts, c->n_opts, "\t\t\t");
	if (words_of(c) == WORDS_CONTAINER)
		str_add(out, "\t\t\t'1:container:_tare_containers' \\\n");
	if (words_of(c) == WORDS_COMMAND)
		str_add(out, "\t\t\t'1:command:_tare_commands' \\\n");
	str_add(out, "\t\t\t&& ret=0\n\t\t;;\n");
}

static void zsh_write(struct str *out)
{
	str_add(out,
		"#compdef tare\n"
		"# SPDX-License-Identifier: Apache-2.0\n"
		"# zsh completion of tare; made by `tare completion zsh`\n\n"
		"_tare_containers() {\n"
		"\tlocal -a root\n"
		"\t[[ -z ${opt_args[--root]} ]] || root=(--root ${opt_args[--root]})\n"
		"\t_values container ${(f)\"$(_call_program ids tare $root list -q "
		"2>/dev/null)\"}\n"
		"}\n\n"
		"_tare_commands() {\n"
		"\tlocal -a commands=(\n");
	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->hidden)
			continue;
		str_addf(out, "\t\t'%s:", commands[i]->name);
		add_quoted(out, commands[i]->brief, ":");
		str_add(out, "'\n");
	}
	str_add(out, "\t)\n\t_describe command commands\n}\n\n"
		     "_tare() {\n"
		     "\tlocal curcontext=$curcontext state line ret=1\n"
		     "\tlocal -A opt_args\n\n"
		     "\t_arguments -C \\\n");
	zsh_options(out, global_opts, n_global_opts, "\t\t");
	str_add(out, "\t\t'1:command:_tare_commands' \\\n"
		     "\t\t'*::argument:->command' && ret=0\n\n"
		     "\t[[ $state == command ]] || return ret\n"
		     "\tcase $line[1] in\n");
	for (size_t i = 0; commands[i]; i++) {
		if (!commands[i]->hidden)
			zsh_command(out, commands[i]);
	}
	str_add(out, "\tesac\n\treturn ret\n}\n\n_tare \"$@\"\n");
}

/* fish */

static void fish_options(struct str *out, const struct opt *opts, size_t n,
			 const char *condition)
{
	for (size_t i = 0; i < n; i++) {
		const struct opt *o = &opts[i];

		if (!is_shown(o))
			continue;
		str_addf(out, "complete -c tare -n '%s' -l %s", condition, o->name);
		if (o->short_name)
			str_addf(out, " -s %c", o->short_name);
		if (value_words(o))
			str_addf(out, " -xa '%s'", value_words(o));
		else if (is_directory(o))
			str_add(out, " -xa '(__fish_complete_directories)'");
		else if (is_file(o))
			str_add(out, " -rF");
		else if (takes_value(o))
			str_add(out, " -x");
		str_add(out, " -d '");
		add_quoted(out, o->brief, "");
		str_add(out, "'\n");
	}
}

static void fish_write(struct str *out)
{
	str_add(out,
		"# SPDX-License-Identifier: Apache-2.0\n"
		"# fish completion of tare; made by `tare completion fish`\n\n"
		"function __tare_containers\n"
		"    set -l root (string match -r -- '--root[= ]+(\\S+)' "
		"(commandline -p))[2]\n"
		"    tare (test -n \"$root\"; and printf '%s\\n' --root $root) list -q "
		"2>/dev/null\n"
		"end\n\n"
		"complete -c tare -f\n");
	fish_options(out, global_opts, n_global_opts, "__fish_use_subcommand");
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];
		autofree char *condition =
			str_dupf("__fish_seen_subcommand_from %s", c->name);

		if (c->hidden)
			continue;
		str_addf(out, "\ncomplete -c tare -n __fish_use_subcommand -a %s -d '",
			 c->name);
		add_quoted(out, c->brief, "");
		str_add(out, "'\n");
		fish_options(out, c->opts, c->n_opts, condition);
		if (words_of(c) == WORDS_CONTAINER)
			str_addf(out,
				 "complete -c tare -n '%s' -a '(__tare_containers)'\n",
				 condition);
		if (words_of(c) == WORDS_COMMAND) {
			str_addf(out, "complete -c tare -n '%s' -a '", condition);
			add_command_names(out);
			str_add(out, "'\n");
		}
	}
	str_add(out, "\ncomplete -c tare -s h -l help -d 'print help'\n");
}

static int completion_run(const struct global_args *g, const void *args,
			  char *const argv[], struct err *e)
{
	autostr struct str out = { 0 };

	(void)g;
	(void)args;
	if (strcmp(argv[0], "bash") == 0)
		bash_write(&out);
	else if (strcmp(argv[0], "zsh") == 0)
		zsh_write(&out);
	else if (strcmp(argv[0], "fish") == 0)
		fish_write(&out);
	else
		return err_usage(e, "there is no completion for '%s'", argv[0]);
	return command_print(&out, e);
}

const struct command cmd_completion = {
	.name = "completion",
	.args = "bash | zsh | fish",
	.brief = "print the completion for a shell",
	.min_args = 1,
	.max_args = 1,
	.hidden = true,
	.is_query = true,
	.run = completion_run,
};
