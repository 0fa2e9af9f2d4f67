/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit.c - the only file that talks to yajl's generator.
 *
 * yajl writes an empty object with a line break inside when it indents; so an opening
 * bracket is held back until its first member, and an empty pair goes out as one raw
 * token (yajl_gen_number() writes its text as it is).
 */
#include "spec/emit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "spec/bind.h"
#include "spec/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static void print(void *ctx, const char *text, size_t len)
{
	str_addn(ctx, text, len);
}

void emit_begin(struct emit *m, struct str *out, unsigned flags)
{
	*m = (struct emit){ .out = out, .flags = flags };
	m->yajl = yajl_gen_alloc(NULL);
	if (!m->yajl)
		abort();
	yajl_gen_config(m->yajl, yajl_gen_print_callback, print, out);
	if (flags & EMIT_PRETTY) {
		yajl_gen_config(m->yajl, yajl_gen_beautify, 1);
		yajl_gen_config(m->yajl, yajl_gen_indent_string, "  ");
	}
}

int emit_end(struct emit *m)
{
	yajl_gen_free(m->yajl);
	m->yajl = NULL;
	return m->r;
}

static void must(yajl_gen_status status)
{
	if (status != yajl_gen_status_ok)
		abort();
}

static void flush(struct emit *m)
{
	char opened = m->opened;

	m->opened = 0;
	if (opened == '{')
		must(yajl_gen_map_open(m->yajl));
	else if (opened == '[')
		must(yajl_gen_array_open(m->yajl));
}

void emit_object(struct emit *m)
{
	flush(m);
	m->opened = '{';
}

void emit_array(struct emit *m)
{
	flush(m);
	m->opened = '[';
}

void emit_object_end(struct emit *m)
{
	if (m->opened != '{') {
		must(yajl_gen_map_close(m->yajl));
		return;
	}
	m->opened = 0;
	must(yajl_gen_number(m->yajl, "{}", 2));
}

void emit_array_end(struct emit *m)
{
	if (m->opened != '[') {
		must(yajl_gen_array_close(m->yajl));
		return;
	}
	m->opened = 0;
	must(yajl_gen_number(m->yajl, "[]", 2));
}

static void add_string(struct emit *m, const char *s, size_t len)
{
	must(yajl_gen_string(m->yajl, (const unsigned char *)s, len));
}

static void add_repaired(struct emit *m, const char *s, size_t len)
{
	autostr struct str text = { 0 };

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_sequence(s + i, len - i);
		if (n)
			str_addn(&text, s + i, n);
		else
			str_add(&text, REPLACEMENT);
		n = n ? n : 1;
	}
	add_string(m, str_text(&text), text.len);
}

static void emit_text(struct emit *m, const char *s)
{
	size_t len = strlen(s);

	flush(m);
	if (utf8_is_valid(s, len)) {
		add_string(m, s, len);
		return;
	}
	if (!(m->flags & EMIT_LOSSY))
		m->r = -EILSEQ;
	add_repaired(m, s, len);
}

void emit_key(struct emit *m, const char *key)
{
	emit_text(m, key);
}

void emit_str(struct emit *m, const char *s)
{
	if (s) {
		emit_text(m, s);
		return;
	}
	flush(m);
	must(yajl_gen_null(m->yajl));
}

void emit_bool(struct emit *m, bool v)
{
	flush(m);
	must(yajl_gen_bool(m->yajl, v));
}

void emit_i64(struct emit *m, int64_t v)
{
	flush(m);
	must(yajl_gen_integer(m->yajl, v));
}

void emit_u64(struct emit *m, uint64_t v)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%" PRIu64, v);

	flush(m);
	must(yajl_gen_number(m->yajl, text, (size_t)len));
}

void emit_strs(struct emit *m, const char *const *v)
{
	emit_array(m);
	for (size_t i = 0; v && v[i]; i++)
		emit_str(m, v[i]);
	emit_array_end(m);
}

/* what emit_bound() leaves out */

static bool is_present(const struct bind_field *field, const void *p)
{
	switch (field->kind) {
	case BIND_STR:
		return *(const char *const *)p != NULL;
	case BIND_BOOL:
		return *(const bool *)p || (field->flags & REQUIRED);
	case BIND_OPT_BOOL:
		return ((const struct opt_bool *)p)->set;
	case BIND_OPT_U16:
		return ((const struct opt_u16 *)p)->set;
	case BIND_OPT_U32:
		return ((const struct opt_u32 *)p)->set;
	case BIND_OPT_I32:
		return ((const struct opt_i32 *)p)->set;
	case BIND_OPT_U64:
		return ((const struct opt_u64 *)p)->set;
	case BIND_OPT_I64:
		return ((const struct opt_i64 *)p)->set;
	case BIND_STRS:
		return ((const struct str_list *)p)->n ||
		       ((const struct str_list *)p)->is_set;
	case BIND_U32S:
	case BIND_STR_MAP:
	case BIND_LIST:
	case BIND_MAP:
		return *(const size_t *)p || (field->flags & REQUIRED);
	case BIND_OBJECT:
		return *(const bool *)p;
	default:
		return true;
	}
}

static void emit_u32s(struct emit *m, const struct u32_list *list)
{
	emit_array(m);
	for (size_t i = 0; i < list->n; i++)
		emit_u64(m, list->v[i]);
	emit_array_end(m);
}

void emit_str_map(struct emit *m, const struct str_map *map)
{
	emit_object(m);
	for (size_t i = 0; i < map->n; i++) {
		emit_key(m, map->v[i].key);
		emit_str(m, map->v[i].value);
	}
	emit_object_end(m);
}

static void emit_items(struct emit *m, const struct bind_field *field,
		       const struct bind_list *list)
{
	bool is_map = field->kind == BIND_MAP;

	if (is_map)
		emit_object(m);
	else
		emit_array(m);
	for (size_t i = 0; i < list->n; i++) {
		const char *item = list->v + i * field->size;

		if (is_map)
			emit_key(m, *(const char *const *)item);
		emit_bound(m, field->of, item);
	}
	if (is_map)
		emit_object_end(m);
	else
		emit_array_end(m);
}

static void emit_number(struct emit *m, const struct bind_field *field, const void *p)
{
	switch (field->kind) {
	case BIND_U32:
		emit_u64(m, *(const uint32_t *)p);
		return;
	case BIND_U64:
		emit_u64(m, *(const uint64_t *)p);
		return;
	case BIND_I64:
		emit_i64(m, *(const int64_t *)p);
		return;
	case BIND_OPT_U16:
		emit_u64(m, ((const struct opt_u16 *)p)->v);
		return;
	case BIND_OPT_U32:
		emit_u64(m, ((const struct opt_u32 *)p)->v);
		return;
	case BIND_OPT_I32:
		emit_i64(m, ((const struct opt_i32 *)p)->v);
		return;
	case BIND_OPT_U64:
		emit_u64(m, ((const struct opt_u64 *)p)->v);
		return;
	default:
		emit_i64(m, ((const struct opt_i64 *)p)->v);
		return;
	}
}

static void emit_value(struct emit *m, const struct bind_field *field, const void *p)
{
	switch (field->kind) {
	case BIND_STR:
		emit_str(m, *(const char *const *)p);
		return;
	case BIND_BOOL:
		emit_bool(m, *(const bool *)p);
		return;
	case BIND_OPT_BOOL:
		emit_bool(m, ((const struct opt_bool *)p)->v);
		return;
	case BIND_STRS:
		emit_strs(m, ((const struct str_list *)p)->v);
		return;
	case BIND_U32S:
		emit_u32s(m, p);
		return;
	case BIND_STR_MAP:
		emit_str_map(m, p);
		return;
	case BIND_OBJECT:
		emit_bound(m, field->of, p);
		return;
	case BIND_LIST:
	case BIND_MAP:
		emit_items(m, field, p);
		return;
	default:
		emit_number(m, field, p);
		return;
	}
}

void emit_bound(struct emit *m, const struct bind_type *type, const void *object)
{
	emit_object(m);
	for (size_t i = 0; i < type->n; i++) {
		const struct bind_field *field = &type->fields[i];
		const void *p = (const char *)object + field->offset;

		if (!is_present(field, p))
			continue;
		emit_key(m, field->name);
		emit_value(m, field, p);
	}
	emit_object_end(m);
}
