/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - read a command line as its table of options says.
 *
 * Options stand before, between and behind the positionals: --name value,
 * --name=value, -n value, -n=value, -nvalue, -abc for flags, and -name as Go's flag
 * package has it. A flag may be given =true or =false. "--" ends the options. Of a
 * repeated option the last one counts, except for lists.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct command;
struct err;
struct opt;

/*
 * Parse argv, which ends with NULL. Options go to args, which the table's offsets
 * describe and which is zeroed; positionals go to `positional`, which has room for as
 * many as argv has, and NULL. From the end_at-th positional on (0: never) all is
 * positional. --help and -h stop the parsing and set *ret_help. Kind ERR_USAGE;
 * options_free() is due after a failure too.
 */
int options_parse(const struct opt *opts, size_t n_opts, unsigned end_at,
		  char *const argv[], void *args, char **positional, bool *ret_help,
		  struct err *e);

void options_free(const struct opt *opts, size_t n_opts, void *args);

/* The same for a command, which also knows how many positionals it takes. */
int options_parse_command(const struct command *c, char *const argv[], void *args,
			  char **positional, bool *ret_help, struct err *e);
