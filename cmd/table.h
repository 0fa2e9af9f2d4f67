/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - text in columns, as wide as their contents need. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct str;

struct table {
	unsigned n_columns;
	unsigned min_width, gap; /* of a column, and blanks behind its widest text */
	uint64_t right;          /* bit n: column n is aligned to the right */
	size_t n;
	char **cells; /* row by row */
};

/* The next cell; control characters are shown as \xNN. */
void table_add(struct table *t, const char *text);
void table_addf(struct table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void table_write(const struct table *t, struct str *out);
void table_free(struct table *t);
#define autotable __attribute__((cleanup(table_free)))
