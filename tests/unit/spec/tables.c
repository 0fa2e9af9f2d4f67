/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables.c - the binding tables are sound in themselves. Prints each row as
 *	# bound POINTER KIND FLAGS MIN MAX CHECK WORDS
 * ("-" where there is nothing), which tests/lint/fields compares with the schema.
 */
#include "../unit.h"

#include "sample.h"

static const char *kind_name(enum bind_kind kind)
{
	static const char *const names[] = {
		[BIND_STR] = "string",    [BIND_BOOL] = "boolean",
		[BIND_U32] = "u32",       [BIND_U64] = "u64",
		[BIND_I64] = "i64",       [BIND_OPT_BOOL] = "boolean",
		[BIND_OPT_U16] = "u16",   [BIND_OPT_U32] = "u32",
		[BIND_OPT_I32] = "i32",   [BIND_OPT_U64] = "u64",
		[BIND_OPT_I64] = "i64",   [BIND_STRS] = "strings",
		[BIND_U32S] = "u32s",     [BIND_STR_MAP] = "map",
		[BIND_OBJECT] = "object", [BIND_LIST] = "list",
		[BIND_MAP] = "objects",
	};

	return names[kind];
}

static void print_row(const struct path *path)
{
	const struct bind_field *field = last(path);

	printf("# bound ");
	for (size_t i = 0; i < path->n; i++) {
		enum bind_kind kind = path->row[i]->kind;
		bool is_list = kind == BIND_LIST || kind == BIND_MAP;

		printf("/%s%s", path->row[i]->name,
		       is_list && i + 1 < path->n ? "/*" : "");
	}
	printf(" %s %s%s%s%s %" PRId64 " %" PRIu64 " %s ", kind_name(field->kind),
	       field->flags ? "" : "-", field->flags & REQUIRED ? "r" : "",
	       field->flags & NOT_YET ? "n" : "", field->flags & NOT_EMPTY ? "e" : "",
	       field->min, field->max, field->check ? "check" : "-");
	for (size_t i = 0; field->one_of && field->one_of[i]; i++)
		printf("%s%s", i ? "," : "", field->one_of[i]);
	printf("%s\n", field->one_of ? "" : "-");
}

TEST(all_rows_are_printed)
{
	struct path path = { .root = &bind_spec };

	walk(&path, &bind_spec, print_row);
	CHECK(path.n == 0);
}

static bool is_integer(enum bind_kind kind)
{
	return kind == BIND_U32 || kind == BIND_U64 || kind == BIND_I64 ||
	       (kind >= BIND_OPT_U16 && kind <= BIND_OPT_I64) || kind == BIND_U32S;
}

static void check_row(const struct path *path)
{
	const struct bind_field *field = last(path);
	bool is_text = field->kind == BIND_STR || field->kind == BIND_STRS;
	bool ok = true;

	ok = ok && (!field->one_of || is_text);
	ok = ok && (!field->check || is_text);
	ok = ok && !(field->check && field->one_of);
	ok = ok && ((!field->min && !field->max) || is_integer(field->kind));
	ok = ok && (field->min <= 0 || field->max >= (uint64_t)field->min);
	ok = ok && (!(field->flags & NOT_EMPTY) || is_text);
	ok = ok && (!(field->flags & NOT_YET) || !(field->flags & REQUIRED));
	ok = ok && (field->of != NULL) == (field->kind >= BIND_OBJECT);
	ok = ok && (field->size != 0) == (field->kind > BIND_OBJECT);
	ok = ok && path->n < PATH_MAX_ROWS;
	if (!ok)
		unit_check(false, field->name, __FILE__, __LINE__);
}

TEST(a_row_says_only_what_its_kind_can_mean)
{
	struct path path = { .root = &bind_spec };

	walk(&path, &bind_spec, check_row);
}

/* A name or a member twice would be a slip of the pen that no other test sees. */
static void check_distinct(const struct path *path)
{
	const struct bind_type *type = path->n > 1 ? path->row[path->n - 2]->of
						   : path->root;
	const struct bind_field *field = last(path);

	for (size_t i = 0; i < type->n; i++) {
		if (&type->fields[i] == field)
			continue;
		if (str_eq(type->fields[i].name, field->name) ||
		    type->fields[i].offset == field->offset)
			unit_check(false, field->name, __FILE__, __LINE__);
	}
}

TEST(no_name_and_no_member_is_in_a_table_twice)
{
	struct path path = { .root = &bind_spec };

	walk(&path, &bind_spec, check_distinct);
}
