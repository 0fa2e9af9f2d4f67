/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - read strict JSON as a stream of values.
 *
 * RFC 8259 and no more: valid UTF-8, no comments, one document, no key twice in an
 * object, at most SPEC_MAX_DEPTH levels. On top of that no NUL and no lone
 * surrogate in any string, for neither can become a C string that means the same.
 *
 * The parser keeps the path, so that a sink only says what is wrong with the value
 * it was given; file, line, column and pointer are added here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct str;

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_OBJECT, /* opens; its members follow */
	JSON_ARRAY,  /* opens; its items follow */
	JSON_END,    /* closes the innermost object or array */
};

struct json_event {
	enum json_type type;
	bool truth;      /* of JSON_BOOL */
	const char *key; /* decoded, not terminated; NULL unless member of an object */
	size_t key_len;
	const char *s; /* a string decoded, a number as written; not terminated */
	size_t len;
};

/*
 * Called for every value and every end; the event is valid during the call only.
 * 0 goes on, a negative errno stops the parse and is what json_parse() returns.
 */
typedef int json_sink(void *ctx, struct json *j, const struct json_event *event);

/* `name` is what messages call the document. e has kind ERR_CONFIG on failure. */
int json_parse(const char *text, size_t len, const char *name, json_sink *sink, void *ctx,
	       struct err *e);

/*
 * For sinks. The current value is the one of the event; at JSON_END it is the object
 * or array that ends, and its place is where it began.
 */
int json_refuse(struct json *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
size_t json_offset(const struct json *j);

/* Append the RFC 6901 pointer of the current value, or only its first n tokens. */
#define JSON_ALL_TOKENS ((size_t)-1)
void json_pointer(const struct json *j, size_t n, struct str *ret);
size_t json_n_tokens(const struct json *j);

/* Line and column (in characters) of an offset; both 1-based. */
void json_place(const char *text, size_t len, size_t offset, unsigned *ret_line,
		unsigned *ret_col);

/* As spec_locate(), for any document. */
int json_locate(const char *text, size_t len, const char *pointer, unsigned *ret_line,
		unsigned *ret_col);

/* "object", "string", ... as messages call a value. */
const char *json_type_name(enum json_type type);
