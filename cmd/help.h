/* SPDX-License-Identifier: Apache-2.0 */
/* help.h - what --help and --version print; 80 columns at most. */
#pragma once

struct command;
struct err;
struct str;

void help_program(struct str *out);
void help_command(const struct command *c, struct str *out);
void help_version(struct str *out);

/* `name` is no command: the error, with the nearest that is one. */
int help_unknown(const char *name, struct err *e);
