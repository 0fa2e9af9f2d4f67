/* SPDX-License-Identifier: Apache-2.0 */
/*
 * columns.h - what `ps` can say about a process, under the names ps(1) gives it.
 *
 * The container's processes are those shown; of ps' own arguments the formats count,
 * -f, u and -o, and its selections (-e, -A, a, x, -d) are accepted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct proc;
struct proc_host;
struct table;

struct column {
	const char *names; /* blank-separated, the first is what help calls it */
	const char *header;
	bool is_right;
	void (*add)(struct table *t, const struct proc *p, const struct proc_host *h);
};

#define COLUMNS_MAX 32

struct chosen_columns {
	size_t n;
	const struct column *v[COLUMNS_MAX];
	char header[COLUMNS_MAX][32]; /* of "-o pid=HEADER" */
	bool no_header;
};

/* argv: ps' arguments, ended by NULL; none means -ef. Kind ERR_USAGE. */
int columns_choose(char *const argv[], struct chosen_columns *ret, struct err *e);
