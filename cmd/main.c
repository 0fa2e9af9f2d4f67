/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - from the command line to the exit status.
 *
 * Commands return; only this file exits, and only it maps errors to statuses, which
 * are runc's: 1, but 255 when `exec` could not run the program, so that a program's
 * own status can be told from ours.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "command.h"
#include "help.h"
#include "log.h"
#include "options.h"
#include "seal.h"
#include "tare.h"

#define EXIT_EXEC_FAILED 255

/* Descriptors that the caller left closed would become our first files. */
static int open_stdio(void)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO },
				{ .fd = STDOUT_FILENO },
				{ .fd = STDERR_FILENO } };

	if (poll(fds, N_ELEMENTS(fds), 0) < 0)
		return -1;
	for (size_t i = 0; i < N_ELEMENTS(fds); i++) {
		if (!(fds[i].revents & POLLNVAL))
			continue;
		if (open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY) != fds[i].fd)
			return -1;
	}
	return 0;
}

/*
 * A reader that goes away must not end us half-way; and a caller that ignores SIGCHLD
 * has handed that down to us, who would never see a child end.
 */
static void set_signals(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
}

static int check_word(const char *option, const char *value, const char *const *words,
		      struct err *e)
{
	autostr struct str all = { 0 };

	if (str_empty(value))
		return 0;
	for (size_t i = 0; words[i]; i++) {
		if (str_eq(value, words[i]))
			return 0;
		str_addf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	return err_hint(e,
			err_usage(e, "option '--%s' does not know '%s'", option, value),
			"it takes one of: %s", str_text(&all));
}

static int check_globals(const struct global_args *g, struct err *e)
{
	static const char *const formats[] = { "text", "json", NULL };
	static const char *const levels[] = { "error", "warning", "debug", NULL };
	static const char *const managers[] = { "cgroupfs", "disabled", "systemd", NULL };
	static const char *const rootless[] = { "true", "false", "auto", NULL };
	int r = check_word("log-format", g->log_format, formats, e);

	if (r == 0)
		r = check_word("log-level", g->log_level, levels, e);
	if (r == 0)
		r = check_word("cgroup-manager", g->cgroup_manager, managers, e);
	if (r == 0)
		r = check_word("rootless", g->rootless, rootless, e);
	return r;
}

static int show_help(const struct command *c, struct err *e)
{
	autostr struct str out = { 0 };

	if (c)
		help_command(c, &out);
	else
		help_program(&out);
	return command_print(&out, e);
}

static int show_version(struct err *e)
{
	autostr struct str out = { 0 };

	help_version(&out);
	return command_print(&out, e);
}

/* Status of the program, or a negative errno that main() reports. */
static int run_command(const struct command *c, const struct global_args *g,
		       char *const argv[], bool *ret_ran, struct err *e)
{
	autofree void *args = calloc(1, c->args_size ? c->args_size : 1);
	autofree char **positional = NULL;
	size_t n = 0;
	bool help;
	int r;

	while (argv[n])
		n++;
	positional = calloc(n + 1, sizeof(*positional));
	if (!args || !positional)
		abort();
	r = options_parse_command(c, argv, args, positional, &help, e);
	if (r == 0 && help) {
		r = show_help(c, e);
	} else if (r == 0) {
		*ret_ran = true;
		r = c->run(g, args, positional, e);
	}
	options_free(c->opts, c->n_opts, args);
	return r;
}

struct program {
	struct global_args globals;
	char **rest; /* the command and its arguments */
	char *root;  /* owns globals.root when that is the default */
	const struct command *command;
	bool ran; /* the command line was understood */
};

static void program_free(struct program *p)
{
	free(p->rest);
	free(p->root);
}

static int program_run(struct program *p, char *const argv[], struct err *e)
{
	struct global_args *g = &p->globals;
	bool help;
	int r = options_parse(global_opts, n_global_opts, 1, argv + 1, g, p->rest, &help,
			      e);

	log_setup(g);
	if (r == 0)
		r = check_globals(g, e);
	if (r < 0)
		return err_hint(e, r, "'tare --help' lists the options");
	if (g->criu)
		log_warn("--criu is ignored: criu is found in $PATH");
	if (g->version)
		return show_version(e);
	if (help || !p->rest[0])
		return show_help(NULL, e);
	p->command = command_find(p->rest[0]);
	if (!p->command)
		return help_unknown(p->rest[0], e);
	if (p->command->seals)
		r = seal_self(argv, e);
	if (!p->command->is_query)
		set_signals();
	if (r < 0)
		return err_doing(e, r, "seal tare's binary");
	if (str_empty(g->root))
		g->root = p->root = tare_default_root();
	return run_command(p->command, g, p->rest + 1, &p->ran, e);
}

static int exit_status(const struct program *p)
{
	return p->ran && p->command == &cmd_exec ? EXIT_EXEC_FAILED : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	static char name[] = "tare";
	char *none[] = { name, NULL };
	struct program p = { 0 };
	struct err e = { 0 };
	int r;

	if (open_stdio() < 0) {
		static const char text[] = "tare: descriptors 0 to 2 cannot be opened\n";

		/* Wherever that goes: nothing has been opened yet. */
		(void)file_write_fd(STDERR_FILENO, text, sizeof(text) - 1);
		return EXIT_FAILURE;
	}
	p.rest = calloc((size_t)argc + 1, sizeof(*p.rest));
	if (!p.rest)
		abort();
	r = program_run(&p, argc > 0 ? argv : none, &e);
	if (r < 0) {
		log_report(&p.globals, &e);
		r = exit_status(&p);
	}
	program_free(&p);
	return r;
}
