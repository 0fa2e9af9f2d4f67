/* SPDX-License-Identifier: Apache-2.0 */
/* locate.c - line and column of a pointer. */
#include "../unit.h"

#include <errno.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/config.h"
#include "spec/json.h"

static const char text[] =
	"{\n"
	"  \"ociVersion\": \"1.0.0\",\n"
	"  \"hostname\":\n"
	"    \"h\",\n"
	"  \"mounts\": [ { \"destination\": \"/\xc3\xa4\" },\n"
	"    { \"destination\": \"/b\" , \"options\": [\"a\", \"b\"] } ],\n"
	"  \"annotations\": {\"a/b~\": \"x\", \"a\": \"y\"}\n"
	"}\n";

static void check(const char *pointer, int want, unsigned line, unsigned col)
{
	unsigned got_line = 99, got_col = 99;
	int r = json_locate(text, strlen(text), pointer, &got_line, &got_col);

	if (r != want || got_line != line || got_col != col)
		printf("# %s: %d %u:%u\n", pointer, r, got_line, got_col);
	CHECK(r == want && got_line == line && got_col == col);
}

TEST(a_value_is_found_where_it_begins)
{
	check("", 0, 1, 1);
	check("/ociVersion", 0, 2, 17);
	check("/hostname", 0, 4, 5);
	check("/mounts", 0, 5, 13);
	check("/mounts/0", 0, 5, 15);
	check("/mounts/1/destination", 0, 6, 22);
	check("/mounts/1/options/1", 0, 6, 46);
	check("/annotations/a", 0, 7, 37);
	check("/annotations/a~1b~0", 0, 7, 27);
}

TEST(what_is_not_there_is_near_what_is_around_it)
{
	check("/mounts/2", -ENOENT, 5, 13);
	check("/mounts/0/options/3", -ENOENT, 5, 15);
	check("/process/cwd", -ENOENT, 1, 1);
	check("/annotations/a~1b", -ENOENT, 7, 18);
	check("/host", -ENOENT, 1, 1);
}

TEST(where_there_is_no_document_there_is_no_place)
{
	unsigned line = 99, col = 99;
	struct spec none = { .text = NULL };

	CHECK_INT(json_locate("", 0, "/a", &line, &col), -ENOENT);
	CHECK(line == 0 && col == 0);
	line = col = 99;
	CHECK_INT(spec_locate(&none, "/a", &line, &col), -ENOENT);
	CHECK(line == 0 && col == 0);
}

TEST(a_loaded_spec_is_located_by_its_own_text)
{
	autospec struct spec *s = NULL;
	struct err e = { 0 };
	unsigned line = 0, col = 0;

	CHECK_INT(spec_parse(text, strlen(text), "config.json", &s, &e), 0);
	CHECK(s && spec_locate(s, "/mounts/1/options", &line, &col) == 0);
	CHECK_INT(line, 6);
	CHECK_INT(col, 40);
	CHECK(s && spec_locate(s, "/linux/sysctl/x", &line, &col) == -ENOENT);
	CHECK(line == 1 && col == 1);
}
