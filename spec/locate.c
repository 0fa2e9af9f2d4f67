/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locate.c - where in a document a JSON pointer points.
 *
 * Checks that run after the parse know the pointer of what they refuse and nothing
 * else. Parsing again costs a millisecond, once, on the way to an error message;
 * keeping every place would cost every start.
 */
#include "spec/json.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "spec/config.h"

struct search {
	const char *pointer;
	bool is_found;   /* something: the value or one around it */
	size_t best_len; /* of its pointer */
	size_t offset;
};

/* Is a the pointer of b or of something around it? */
static bool is_around(const char *a, size_t len, const char *b)
{
	return strncmp(a, b, len) == 0 && (b[len] == '/' || b[len] == '\0');
}

static int on_event(void *ctx, struct json *j, const struct json_event *event)
{
	autostr struct str pointer = { 0 };
	struct search *s = ctx;

	if (event->type == JSON_END)
		return 0;
	json_pointer(j, JSON_ALL_TOKENS, &pointer);
	if (!is_around(str_text(&pointer), pointer.len, s->pointer))
		return 0;
	if (s->is_found && pointer.len < s->best_len)
		return 0;
	s->is_found = true;
	s->best_len = pointer.len;
	s->offset = json_offset(j);
	return s->pointer[pointer.len] ? 0 : -ECANCELED;
}

int json_locate(const char *text, size_t len, const char *pointer, unsigned *ret_line,
		unsigned *ret_col)
{
	struct search s = { .pointer = pointer };

	*ret_line = *ret_col = 0;
	(void)json_parse(text, len, "", on_event, &s, NULL);
	if (!s.is_found)
		return -ENOENT;
	json_place(text, len, s.offset, ret_line, ret_col);
	return pointer[s.best_len] ? -ENOENT : 0;
}

int spec_locate(const struct spec *s, const char *pointer, unsigned *ret_line,
		unsigned *ret_col)
{
	const char *rest = s->prefix ? str_after(pointer, s->prefix) : NULL;

	if (!s->text) {
		*ret_line = *ret_col = 0;
		return -ENOENT;
	}
	if (rest && (*rest == '/' || *rest == '\0'))
		pointer = rest;
	return json_locate(s->text, s->text_len, pointer, ret_line, ret_col);
}
