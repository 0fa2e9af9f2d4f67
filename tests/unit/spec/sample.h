/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample.h - documents generated from the binding tables, valid and one step off.
 *
 * A path is the rows that lead from the root to a member; through a list or map it
 * goes by the only item, 0 or "k".
 */
#pragma once

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "spec/bind.h"
#include "../unit.h"

#define UNUSED        __attribute__((unused))
#define PATH_MAX_ROWS 16

struct path {
	const struct bind_type *root;
	const struct bind_field *row[PATH_MAX_ROWS];
	size_t n;
};

typedef void path_visitor(const struct path *path);

/* Visit every row below type, parents before children. */
UNUSED static void walk(struct path *path, const struct bind_type *type,
			path_visitor *visit)
{
	for (size_t i = 0; i < type->n; i++) {
		path->row[path->n++] = &type->fields[i];
		visit(path);
		if (type->fields[i].of)
			walk(path, type->fields[i].of, visit);
		path->n--;
	}
}

UNUSED static const struct bind_field *last(const struct path *path)
{
	return path->row[path->n - 1];
}

/* A text the row takes. */
UNUSED static const char *sample_text(const struct bind_field *field)
{
	static const char *const texts[] = { "text",   "1.2.3", "2MB", "0-3",
					     "MB:0=1", "c",     "rw" };

	if (field->one_of)
		return field->one_of[0];
	for (size_t i = 0; i < N_ELEMENTS(texts); i++)
		if (!field->check || !field->check(texts[i]))
			return texts[i];
	unit_check(false, field->name, __FILE__, __LINE__);
	return "";
}

static void sample_object(struct str *out, const struct bind_type *type, bool whole);

/* A value that says something; whole: with all optional members below. */
UNUSED static void sample_value(struct str *out, const struct bind_field *field,
				bool whole)
{
	switch (field->kind) {
	case BIND_STR:
		str_addf(out, "\"%s\"", sample_text(field));
		return;
	case BIND_BOOL:
	case BIND_OPT_BOOL:
		str_add(out, "true");
		return;
	case BIND_STRS:
		str_addf(out, "[\"%s\"]", sample_text(field));
		return;
	case BIND_U32S:
		str_add(out, "[7]");
		return;
	case BIND_STR_MAP:
		str_add(out, "{\"k\":\"v\"}");
		return;
	case BIND_OBJECT:
		sample_object(out, field->of, whole);
		return;
	case BIND_LIST:
		str_add(out, "[");
		sample_object(out, field->of, whole);
		str_add(out, "]");
		return;
	case BIND_MAP:
		str_add(out, "{\"k\":");
		sample_object(out, field->of, whole);
		str_add(out, "}");
		return;
	default:
		str_add(out, "5");
		return;
	}
}

static void sample_object(struct str *out, const struct bind_type *type, bool whole)
{
	size_t n = 0;

	str_add(out, "{");
	for (size_t i = 0; i < type->n; i++) {
		const struct bind_field *field = &type->fields[i];

		if (!whole && !(field->flags & REQUIRED))
			continue;
		str_addf(out, "%s\"%s\":", n++ ? "," : "", field->name);
		sample_value(out, field, whole);
	}
	str_add(out, "}");
}

static void build_from(struct str *out, const struct bind_type *type,
		       const struct path *path, size_t at, const char *value)
{
	const struct bind_field *field = path->row[at];
	const char *open = "", *close = "";

	str_add(out, "{");
	for (size_t i = 0; i < type->n; i++) {
		if (&type->fields[i] == field || !(type->fields[i].flags & REQUIRED))
			continue;
		str_addf(out, "\"%s\":", type->fields[i].name);
		sample_value(out, &type->fields[i], false);
		str_add(out, ",");
	}
	str_addf(out, "\"%s\":", field->name);
	if (at + 1 == path->n) {
		str_addf(out, "%s}", value);
		return;
	}
	if (field->kind == BIND_LIST)
		open = "[", close = "]";
	else if (field->kind == BIND_MAP)
		open = "{\"k\":", close = "}";
	str_add(out, open);
	build_from(out, field->of, path, at + 1, value);
	str_addf(out, "%s}", close);
}

/* The smallest document in which the member at the end of the path has this value. */
UNUSED static void build(struct str *out, const struct path *path, const char *value)
{
	build_from(out, path->root, path, 0, value);
}

UNUSED static void pointer(struct str *out, const struct path *path)
{
	for (size_t i = 0; i < path->n; i++) {
		str_addf(out, "/%s", path->row[i]->name);
		if (i + 1 == path->n)
			return;
		if (path->row[i]->kind == BIND_LIST)
			str_add(out, "/0");
		else if (path->row[i]->kind == BIND_MAP)
			str_add(out, "/k");
	}
}

/* Large enough for any of the structs. */
union any {
	struct spec spec;
	struct spec_process process;
	struct spec_resources resources;
};

UNUSED static int parse_into(const struct bind_type *type, const char *text,
			     union any *object, struct arena *arena, bool allow_not_yet,
			     struct err *e)
{
	struct bind_document d = {
		.text = text,
		.len = strlen(text),
		.name = "config.json",
		.type = type,
		.object = object,
		.arena = arena,
		.allow_not_yet = allow_not_yet,
	};

	return bind_parse(&d, e);
}

UNUSED static int parse(const struct bind_type *type, const char *text,
			bool allow_not_yet, struct err *e)
{
	union any object = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	int r = parse_into(type, text, &object, &arena, allow_not_yet, e);

	arena_free(&arena);
	return r;
}
