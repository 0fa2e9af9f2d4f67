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

enum opt_kind {
	OPT_FLAG,   /* bool; accepts --x, --x=true, --x=false */
	OPT_STRING, /* const char * */
	OPT_UINT,   /* unsigned */
	OPT_LIST,   /* struct opt_list; may be repeated */
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
	size_t offset;	   /* of the member in the args struct */
	const char *value; /* how help calls the value; NULL for flags */
	const char *brief;
};

struct global_args {
	const char *root; /* never NULL */
	const char *log, *log_format, *log_level;
	const char *cgroup_manager;
	const char *rootless;
	bool debug, systemd_cgroup;
};

struct command {
	const char *name;
	const char *args;  /* "<container> [<signal>]" */
	const char *brief;
	unsigned min_args, max_args; /* positionals; max_args UINT_MAX: any number */
	bool stop_at_first; /* options end at the first positional after the id: exec's argv */
	bool seals;	    /* puts a process into a container: runs from a sealed copy */
	size_t args_size;
	const struct opt *opts;
	size_t n_opts;
	int (*run)(const struct global_args *g, const void *args, char *const argv[],
		   struct err *e);
};

#define OPTS(table) .opts = (table), .n_opts = sizeof(table) / sizeof((table)[0])

extern const struct command *const commands[]; /* in the order of --help, NULL at the end */
