/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h - one table a command: it drives parsing, --help, completion and the
 * man page check.
 *
 * A command's run() returns 0, a positive exit status, or a negative errno with *e
 * filled; it neither prints errors nor exits, main.c does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

enum opt_kind {
	OPT_FLAG,    /* bool; accepts --x, --x=true, --x=false */
	OPT_STRING,  /* const char * */
	OPT_UINT,    /* unsigned */
	OPT_LIST,    /* struct opt_list; may be repeated */
	OPT_IGNORED, /* accepted for other runtimes' callers, no value */
	OPT_IGNORED_STRING,
};

struct opt_list {
	size_t n;
	const char **v; /* freed with the arguments */
};

struct opt {
	char short_name; /* 0: none */
	const char *name;
	enum opt_kind kind;
	size_t offset;     /* of the member in the args struct */
	const char *value; /* how help calls the value; NULL for flags */
	const char *brief;
};

struct global_args {
	const char *root; /* never NULL */
	const char *log, *log_format, *log_level;
	const char *cgroup_manager;
	const char *rootless;
	const char *criu; /* ignored, with a warning */
	bool debug, systemd_cgroup;
	bool version, help;
};

struct command {
	const char *name;
	const char *args; /* "<container> [<signal>]" */
	const char *brief;
	unsigned min_args, max_args; /* positionals; max_args UINT_MAX: any number */
	const char *examples;        /* lines of help, or NULL */
	bool stop_at_first; /* options end at the first positional after the id: exec's
			       argv */
	bool stop_at_id; /* options end at the id: what follows is for another program */
	bool seals;      /* puts a process into a container: runs from a sealed copy */
	bool is_query;   /* changes nothing: may end whenever its reader does */
	bool hidden;     /* not in --help */
	size_t args_size;
	const struct opt *opts;
	size_t n_opts;
	int (*run)(const struct global_args *g, const void *args, char *const argv[],
		   struct err *e);
};

#define OPTS(table) .opts = (table), .n_opts = sizeof(table) / sizeof((table)[0])

/* One a file of that name. */
extern const struct command cmd_create, cmd_start, cmd_run, cmd_exec, cmd_kill,
	cmd_delete, cmd_state, cmd_list, cmd_ps, cmd_pause, cmd_resume, cmd_spec,
	cmd_features, cmd_help, cmd_completion;

extern const struct command
	*const commands[]; /* in the order of --help, NULL at the end */
extern const struct opt global_opts[];
extern const size_t n_global_opts;

const struct command *command_find(const char *name); /* NULL: no such command */

/* Write all of it to standard output, or say why not. */
int command_print(const struct str *text, struct err *e);

/* NULL for an option that was given as "": callers mean "not given" by it. */
const char *command_given(const char *value);

/* Refuse the cgroup managers that commands which create a cgroup cannot use yet. */
int command_check_manager(const struct global_args *g, struct err *e);
