/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - text in columns; see table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Characters, not bytes; what is double width or combining is not worth a table. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

void table_add(struct table *t, const char *text)
{
	size_t size = strlen(text) * 4 + 1;
	char *cell = malloc(size);
	char **cells = reallocarray(t->cells, t->n + 1, sizeof(*cells));

	if (!cell || !cells)
		abort();
	str_printable(cell, size, text);
	t->cells = cells;
	t->cells[t->n++] = cell;
}

void table_addf(struct table *t, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	table_add(t, text);
}

static size_t column_width(const struct table *t, unsigned column)
{
	size_t width = 0;

	for (size_t i = column; i < t->n; i += t->n_columns) {
		size_t w = width_of(t->cells[i]) + t->gap;

		if (w > width)
			width = w;
	}
	return width > t->min_width ? width : t->min_width;
}

static void add_blanks(struct str *out, size_t n)
{
	str_addf(out, "%*s", (int)n, "");
}

void table_write(const struct table *t, struct str *out)
{
	size_t *widths = calloc(t->n_columns, sizeof(*widths));

	if (!widths)
		abort();
	for (unsigned i = 0; i < t->n_columns; i++)
		widths[i] = column_width(t, i);
	for (size_t i = 0; i < t->n; i++) {
		unsigned column = (unsigned)(i % t->n_columns);
		bool is_last = column == t->n_columns - 1,
		     is_right = t->right >> column & 1;
		size_t room = widths[column] - width_of(t->cells[i]);

		if (is_right)
			add_blanks(out, room - t->gap);
		str_add(out, t->cells[i]);
		if (is_last)
			str_add(out, "\n");
		else
			add_blanks(out, is_right ? t->gap : room);
	}
	free(widths);
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i]);
	free(t->cells);
	*t = (struct table){ 0 };
}
