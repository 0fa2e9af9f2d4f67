/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - the only file that talks to yajl's parser.
 *
 * yajl is the lexer and the grammar; what it is lenient about is checked here:
 * duplicate keys, depth, overlong UTF-8, surrogates, NUL. Its own UTF-8 check is
 * switched off, because it accepts overlong forms and would only be done twice.
 *
 * Inside a callback yajl_get_bytes_consumed() is the offset just behind the token.
 * The token begins behind the previous one and the blanks, comma and colon between.
 * Numbers come as text: a double would lose the low digits of a 64-bit integer.
 */
#include "spec/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "spec/config.h"
#include "spec/utf8.h"

#define FIRST_SLOTS 512 /* a power of two; a usual config.json has 300 keys */
#define SYNTAX      "not valid JSON: "

struct level {
	bool is_array;
	uint32_t serial; /* of the object, for the set of keys */
	size_t start;    /* offset of the bracket */
	size_t index;    /* of the current item, counted from 0 */
	const char *key; /* of the current member */
	size_t key_len;
};

/* One key of one object; s is NULL in a free slot. */
struct key {
	const char *s;
	uint32_t len, object;
};

struct key_set {
	struct key *slot;
	size_t n, n_slots;
};

struct json {
	const char *text, *name;
	size_t len;
	json_sink *sink;
	void *ctx;
	struct err *e;
	int r; /* what the sink or we refused with */

	yajl_handle yajl;
	size_t start, end; /* of the current token */
	struct level level[SPEC_MAX_DEPTH];
	size_t depth;
	size_t n_tokens; /* of the current value's pointer */
	uint32_t n_objects;
	struct key_set keys;
	struct arena arena; /* keys that had escapes */
};

static void *alloc(void *ctx, size_t size)
{
	void *p = malloc(size);

	(void)ctx;
	if (!p)
		abort();
	return p;
}

static void *alloc_again(void *ctx, void *p, size_t size)
{
	p = realloc(p, size);
	(void)ctx;
	if (!p)
		abort();
	return p;
}

static void release(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static const yajl_alloc_funcs alloc_or_abort = {
	.malloc = alloc,
	.realloc = alloc_again,
	.free = release,
};

const char *json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",     [JSON_BOOL] = "boolean",
		[JSON_NUMBER] = "number", [JSON_STRING] = "string",
		[JSON_OBJECT] = "object", [JSON_ARRAY] = "array",
		[JSON_END] = "end",
	};

	return names[type];
}

void json_place(const char *text, size_t len, size_t offset, unsigned *ret_line,
		unsigned *ret_col)
{
	unsigned line = 1, col = 1;

	if (offset > len)
		offset = len;
	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			line++;
			col = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			col++;
		}
	}
	*ret_line = line;
	*ret_col = col;
}

size_t json_offset(const struct json *j)
{
	return j->start;
}

size_t json_n_tokens(const struct json *j)
{
	return j->n_tokens;
}

static void add_token(struct str *s, const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (key[i] == '~')
			str_add(s, "~0");
		else if (key[i] == '/')
			str_add(s, "~1");
		else
			str_addn(s, &key[i], 1);
	}
}

void json_pointer(const struct json *j, size_t n, struct str *ret)
{
	if (n > j->n_tokens)
		n = j->n_tokens;
	for (size_t i = 0; i < n; i++) {
		const struct level *l = &j->level[i];

		if (l->is_array) {
			str_addf(ret, "/%zu", l->index);
			continue;
		}
		str_add(ret, "/");
		add_token(ret, l->key, l->key_len);
	}
}

/* The error that was just filled is about the current value. */
static int located(struct json *j, int r)
{
	autostr struct str pointer = { 0 };

	j->r = r;
	if (!j->e)
		return r;
	json_pointer(j, JSON_ALL_TOKENS, &pointer);
	err_at(j->e, r, "%s", str_text(&pointer));
	str_elide(j->e->file, sizeof(j->e->file), j->name);
	json_place(j->text, j->len, j->start, &j->e->line, &j->e->col);
	return r;
}

int json_refuse(struct json *j, const char *fmt, ...)
{
	char text[sizeof(j->e->msg)];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	return located(j, err_config(j->e, "%s", text));
}

static uint64_t key_hash(const struct key *k)
{
	uint64_t h = 0xcbf29ce484222325u ^ ((uint64_t)k->object * 0x9e3779b97f4a7c15u);

	for (size_t i = 0; i < k->len; i++)
		h = (h ^ (unsigned char)k->s[i]) * 0x100000001b3u;
	return h ^ (h >> 32);
}

/* The slot that holds k or, if none does, the free one where it belongs. */
static struct key *key_slot(const struct key_set *set, const struct key *k)
{
	size_t i = key_hash(k) & (set->n_slots - 1);

	for (;; i = (i + 1) & (set->n_slots - 1)) {
		struct key *s = &set->slot[i];

		if (!s->s)
			return s;
		if (s->object == k->object && s->len == k->len &&
		    memcmp(s->s, k->s, k->len) == 0)
			return s;
	}
}

static void key_set_grow(struct key_set *set)
{
	struct key_set bigger = { .n = set->n };

	bigger.n_slots = set->n_slots ? 2 * set->n_slots : FIRST_SLOTS;
	bigger.slot = calloc(bigger.n_slots, sizeof(*bigger.slot));
	if (!bigger.slot)
		abort();
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slot[i].s)
			*key_slot(&bigger, &set->slot[i]) = set->slot[i];
	free(set->slot);
	*set = bigger;
}

/* One set for the whole document keeps a million keys in one object linear. */
static bool key_is_new(struct json *j, const char *s, size_t len)
{
	struct key k = { s, (uint32_t)len, j->level[j->depth - 1].serial }, *slot;

	if (j->keys.n * 4 >= j->keys.n_slots * 3)
		key_set_grow(&j->keys);
	slot = key_slot(&j->keys, &k);
	if (slot->s)
		return false;
	*slot = k;
	j->keys.n++;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_separator(char c)
{
	return c == ',' || c == ':';
}

/* Refuses the vertical tab and form feed that yajl takes for blanks. */
static bool token_begin(struct json *j)
{
	j->start = j->end;
	while (j->start < j->len &&
	       (is_blank(j->text[j->start]) || is_separator(j->text[j->start])))
		j->start++;
	j->end = yajl_get_bytes_consumed(j->yajl);
	j->n_tokens = j->depth;
	if (j->start >= j->len || !j->text[j->start] ||
	    !strchr("\v\f", j->text[j->start]))
		return true;
	j->n_tokens = j->depth ? j->depth - 1 : 0;
	return json_refuse(j, SYNTAX "unexpected character") >= 0;
}

static bool value_begin(struct json *j)
{
	if (j->depth && j->level[j->depth - 1].is_array)
		j->level[j->depth - 1].index++;
	return token_begin(j);
}

/* Hand it on; yajl's callbacks return 0 to stop. */
static int value(struct json *j, struct json_event *event)
{
	const struct level *l = j->depth ? &j->level[j->depth - 1] : NULL;

	if (l && !l->is_array) {
		event->key = l->key;
		event->key_len = l->key_len;
	}
	j->r = j->sink(j->ctx, j, event);
	return j->r >= 0;
}

/* Is the current token, between its quotes, a string we can take? */
static int check_string(struct json *j)
{
	const char *what;

	if (j->end < j->start + 2)
		return 0; /* cannot be: yajl has seen both quotes */
	what = utf8_check_json(j->text + j->start + 1, j->end - j->start - 2);
	if (!what)
		return 0;
	return json_refuse(j, "%s", what);
}

static int on_null(void *ctx)
{
	struct json_event event = { .type = JSON_NULL };

	return value_begin(ctx) && value(ctx, &event);
}

static int on_bool(void *ctx, int truth)
{
	struct json_event event = { .type = JSON_BOOL, .truth = truth != 0 };

	return value_begin(ctx) && value(ctx, &event);
}

static int on_number(void *ctx, const char *s, size_t len)
{
	struct json_event event = { .type = JSON_NUMBER, .s = s, .len = len };

	return value_begin(ctx) && value(ctx, &event);
}

static int on_string(void *ctx, const unsigned char *s, size_t len)
{
	struct json_event event = { .type = JSON_STRING,
				    .s = (const char *)s,
				    .len = len };
	struct json *j = ctx;

	return value_begin(j) && check_string(j) == 0 && value(j, &event);
}

static int on_key(void *ctx, const unsigned char *s, size_t len)
{
	struct json *j = ctx;
	struct level *l = &j->level[j->depth - 1];
	const char *key = (const char *)s;

	if (!token_begin(j))
		return 0;
	j->n_tokens = j->depth - 1;
	if (check_string(j) < 0)
		return 0;
	/* One with escapes is in a buffer that the next such string overwrites. */
	if (key < j->text || key >= j->text + j->len)
		key = len ? arena_strndup(&j->arena, key, len) : "";
	l->key = key;
	l->key_len = len;
	j->n_tokens = j->depth;
	if (!key_is_new(j, key, len))
		return json_refuse(j, "duplicate key '%.*s'", (int)len, key) >= 0;
	return 1;
}

static int open_level(struct json *j, enum json_type type)
{
	struct json_event event = { .type = type };

	if (!value_begin(j))
		return 0;
	/* Before the sink hears of it: sinks have as many levels as we have. */
	if (j->depth == SPEC_MAX_DEPTH)
		return json_refuse(j, "nested deeper than %d levels", SPEC_MAX_DEPTH) >=
		       0;
	if (!value(j, &event))
		return 0;
	j->level[j->depth++] = (struct level){
		.is_array = type == JSON_ARRAY,
		.serial = j->n_objects++,
		.start = j->start,
		.index = (size_t)-1, /* the first item makes it 0 */
	};
	return 1;
}

static int on_open_object(void *ctx)
{
	return open_level(ctx, JSON_OBJECT);
}

static int on_open_array(void *ctx)
{
	return open_level(ctx, JSON_ARRAY);
}

static int on_close(void *ctx)
{
	struct json_event event = { .type = JSON_END };
	struct json *j = ctx;

	if (!token_begin(j))
		return 0;
	j->n_tokens = j->depth - 1;
	j->start = j->level[j->depth - 1].start;
	j->r = j->sink(j->ctx, j, &event);
	j->depth--;
	return j->r >= 0;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_bool,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_open_object,
	.yajl_map_key = on_key,
	.yajl_end_map = on_close,
	.yajl_start_array = on_open_array,
	.yajl_end_array = on_close,
};

/* yajl's errors in our words; one that is not here (strings, numbers) keeps its own. */
static const struct {
	const char *yajl, *ours;
} syntax_errors[] = {
	{ "premature EOF", "it ends in the middle" },
	{ "trailing garbage", "something follows the end" },
	{ "after key and value", "expected ',' or '}'" },
	{ "after array element", "expected ',' or ']'" },
	{ "invalid object key", "expected a key in double quotes" },
	{ "separated by a colon", "expected ':'" },
	{ "comment", "comments are not allowed" },
	{ "unallowed token", "expected a value" },
	{ "invalid char in json text", "unexpected character" },
	{ "invalid string in json text", "unexpected word" },
};

static const char *syntax_error(const char *text)
{
	for (size_t i = 0; i < N_ELEMENTS(syntax_errors); i++)
		if (strstr(text, syntax_errors[i].yajl))
			return syntax_errors[i].ours;
	return text;
}

static int refuse_syntax(struct json *j)
{
	unsigned char *text = yajl_get_error(j->yajl, 0, NULL, 0);
	const char *what = syntax_error(text ? (const char *)text : "unexpected text");
	const char *colon = strstr(what, "error: ");
	int r;

	if (colon)
		what = colon + strlen("error: ");
	j->n_tokens = j->depth ? j->depth - 1 : 0;
	r = json_refuse(j, SYNTAX "%.*s", (int)strcspn(what, ".\n"), what);
	yajl_free_error(j->yajl, text);
	return r;
}

static size_t skip_blanks(const struct json *j, size_t at)
{
	while (at < j->len && is_blank(j->text[at]))
		at++;
	return at;
}

/* yajl stops somewhere in the token; it begins behind one separator at most. */
static size_t syntax_offset(const struct json *j)
{
	size_t at = skip_blanks(j, j->end);

	if (at < j->len && is_separator(j->text[at]))
		at = skip_blanks(j, at + 1);
	return at;
}

static int parse(struct json *j)
{
	yajl_status status = yajl_parse(j->yajl, (const unsigned char *)j->text, j->len);

	if (status == yajl_status_error) {
		j->start = syntax_offset(j);
		return refuse_syntax(j);
	}
	if (status == yajl_status_ok)
		status = yajl_complete_parse(j->yajl);
	if (status == yajl_status_error) {
		j->start = j->len;
		return refuse_syntax(j);
	}
	if (j->r < 0)
		return j->r;
	return token_begin(j) ? 0 : j->r; /* what blanks follow the last bracket? */
}

int json_parse(const char *text, size_t len, const char *name, json_sink *sink, void *ctx,
	       struct err *e)
{
	struct json j = {
		.text = text, .len = len, .name = name, .sink = sink, .ctx = ctx, .e = e
	};
	int r;

	if (len > SPEC_MAX_SIZE)
		return json_refuse(&j, "larger than %u MiB", SPEC_MAX_SIZE >> 20);
	if (skip_blanks(&j, 0) == len)
		return json_refuse(&j, "expected object, got nothing");

	j.yajl = yajl_alloc(&callbacks, (yajl_alloc_funcs *)&alloc_or_abort, &j);
	if (!j.yajl)
		return json_refuse(&j, "no memory to parse it");
	yajl_config(j.yajl, yajl_dont_validate_strings, 1);
	r = parse(&j);
	yajl_free(j.yajl);
	free(j.keys.slot);
	arena_free(&j.arena);
	return r;
}
