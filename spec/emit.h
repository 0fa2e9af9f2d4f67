/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit.h - write JSON into a struct str.
 *
 * Byte for byte stable, for programs read what we write: compact without a blank or
 * newline, pretty with two blanks a level, "key": value, empty ones as {} and [], a
 * newline at the end. "/" is never escaped.
 *
 * Calls must nest as JSON does; a wrong order is a bug and aborts. A string that is
 * not UTF-8 is found at the end (-EILSEQ), or its bytes become U+FFFD with EMIT_LOSSY,
 * which is for logs: there a broken name is better than no line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct bind_type;
struct str_map;

enum emit_flags { EMIT_PRETTY = 1, EMIT_LOSSY = 2 };

struct emit {
	void *yajl;
	struct str *out; /* borrowed; appended to */
	unsigned flags;
	char opened; /* '{' or '[' not yet written: it may turn out to be empty */
	int r;
};

/* Every emit_begin() needs its emit_end(), which returns 0 or -EILSEQ. */
void emit_begin(struct emit *m, struct str *out, unsigned flags);
int emit_end(struct emit *m);

void emit_object(struct emit *m);
void emit_object_end(struct emit *m);
void emit_array(struct emit *m);
void emit_array_end(struct emit *m);

/* In an object every value follows its key. */
void emit_key(struct emit *m, const char *key);

void emit_str(struct emit *m, const char *s); /* NULL: null */
void emit_bool(struct emit *m, bool v);
void emit_i64(struct emit *m, int64_t v);
void emit_u64(struct emit *m, uint64_t v);

/* An array of strings; v ends with NULL, or is NULL for []. */
void emit_strs(struct emit *m, const char *const *v);
void emit_str_map(struct emit *m, const struct str_map *map);

/*
 * The object that the table describes, members in the order of the table. Left out
 * is what is absent: an unset opt_* or object, a NULL string, an empty list that is
 * not set, an empty map, a bool that is false and not required.
 */
void emit_bound(struct emit *m, const struct bind_type *type, const void *object);
