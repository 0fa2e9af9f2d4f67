/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - strings: a growing buffer, comparison, prefix tests, bounded copies.
 *
 * struct str is zero-initialised (`struct str s = { 0 };`), owns its heap buffer
 * and is freed by str_free() or `autostr`. Growing aborts when memory is out, so
 * it is for code before the clone; init formats into buffers on its stack.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	char *s;    /* terminated; NULL while empty */
	size_t len; /* without the terminator */
	size_t cap;
};

void str_free(struct str *s);
static inline void cleanup_str(struct str *s)
{
	str_free(s);
}
#define autostr __attribute__((cleanup(cleanup_str)))

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const void *data, size_t len);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* The text, "" while empty; borrowed. */
static inline const char *str_text(const struct str *s)
{
	return s->s ? s->s : "";
}

static inline bool str_eq(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* NULL and "" alike: what config authors mean by "not given". */
static inline bool str_empty(const char *s)
{
	return !s || !*s;
}

/* The rest of s after prefix, or NULL. */
const char *str_after(const char *s, const char *prefix);

/*
 * snprintf that tells truncation: the length, or -ENAMETOOLONG (and then buf
 * holds ""). For paths and file contents, where half of it would be wrong.
 */
int str_format(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Copy what fits, always terminate; keeps head and tail of a long text with "..."
 * between. */
void str_elide(char *buf, size_t size, const char *text);

/*
 * For a person to read, on one line: control characters and bytes that are not
 * UTF-8 become \xNN. Stops before what does not fit, always terminates.
 */
void str_printable(char *buf, size_t size, const char *text);

/* Heap copy or abort; free() it. */
char *str_dup(const char *s);
char *str_dupf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
