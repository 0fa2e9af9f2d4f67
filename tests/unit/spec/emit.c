/* SPDX-License-Identifier: Apache-2.0 */
/* emit.c - the exact bytes. */
#include "../unit.h"

#include <errno.h>
#include <stddef.h>

#include "base/str.h"
#include "spec/bind.h"
#include "spec/config.h"
#include "spec/emit.h"

static void emit_example(struct emit *m)
{
	static const char *const words[] = { "a", "b/c", NULL };

	emit_object(m);
	emit_key(m, "s");
	emit_str(m, "/x\"\\\b\f\n\r\t\x01<&>\x7f\xc3\xa4");
	emit_key(m, "null");
	emit_str(m, NULL);
	emit_key(m, "b");
	emit_bool(m, true);
	emit_key(m, "i");
	emit_i64(m, INT64_MIN);
	emit_key(m, "u");
	emit_u64(m, UINT64_MAX);
	emit_key(m, "words");
	emit_strs(m, words);
	emit_key(m, "none");
	emit_strs(m, NULL);
	emit_key(m, "o");
	emit_object(m);
	emit_object_end(m);
	emit_key(m, "nested");
	emit_array(m);
	emit_array(m);
	emit_array_end(m);
	emit_object(m);
	emit_key(m, "k");
	emit_bool(m, false);
	emit_object_end(m);
	emit_array_end(m);
	emit_object_end(m);
}

TEST(compact_has_no_blank_and_escapes_no_slash)
{
	autostr struct str out = { 0 };
	struct emit m;

	emit_begin(&m, &out, 0);
	emit_example(&m);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(
		str_text(&out),
		"{\"s\":\"/x\\\"\\\\\\b\\f\\n\\r\\t\\u0001<&>\x7f\xc3\xa4\",\"null\":null,"
		"\"b\":true,\"i\":-9223372036854775808,\"u\":18446744073709551615,"
		"\"words\":[\"a\",\"b/c\"],\"none\":[],\"o\":{},"
		"\"nested\":[[],{\"k\":false}]}");
}

TEST(pretty_indents_by_two_and_ends_with_a_newline)
{
	autostr struct str out = { 0 };
	struct emit m;

	emit_begin(&m, &out, EMIT_PRETTY);
	emit_example(&m);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(str_text(&out),
		  "{\n"
		  "  \"s\": \"/x\\\"\\\\\\b\\f\\n\\r\\t\\u0001<&>\x7f\xc3\xa4\",\n"
		  "  \"null\": null,\n"
		  "  \"b\": true,\n"
		  "  \"i\": -9223372036854775808,\n"
		  "  \"u\": 18446744073709551615,\n"
		  "  \"words\": [\n"
		  "    \"a\",\n"
		  "    \"b/c\"\n"
		  "  ],\n"
		  "  \"none\": [],\n"
		  "  \"o\": {},\n"
		  "  \"nested\": [\n"
		  "    [],\n"
		  "    {\n"
		  "      \"k\": false\n"
		  "    }\n"
		  "  ]\n"
		  "}\n");
}

TEST(an_empty_document_is_two_brackets)
{
	autostr struct str compact = { 0 }, pretty = { 0 };
	struct emit m;

	emit_begin(&m, &compact, 0);
	emit_array(&m);
	emit_array_end(&m);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(str_text(&compact), "[]");
	emit_begin(&m, &pretty, EMIT_PRETTY);
	emit_object(&m);
	emit_object_end(&m);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(str_text(&pretty), "{}\n");
}

static int emit_one(const char *s, unsigned flags, struct str *out)
{
	struct emit m;

	emit_begin(&m, out, flags);
	emit_str(&m, s);
	return emit_end(&m);
}

TEST(what_is_not_utf8_is_an_error_or_repaired)
{
	autostr struct str strict = { 0 }, lossy = { 0 };

	CHECK_INT(emit_one("a\xff/\xe2\x82", 0, &strict), -EILSEQ);
	CHECK_INT(emit_one("a\xff/\xe2\x82", EMIT_LOSSY, &lossy), 0);
	CHECK_STR(str_text(&lossy), "\"a\xef\xbf\xbd/\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(output_is_appended)
{
	autostr struct str out = { 0 };

	str_add(&out, "x=");
	CHECK_INT(emit_one("y", 0, &out), 0);
	CHECK_STR(str_text(&out), "x=\"y\"");
}

TEST(what_is_absent_is_left_out_and_what_is_set_is_not)
{
	autostr struct str out = { 0 };
	struct emit m;
	struct spec_resources r = {
		.is_set = true,
		.memory = { .is_set = true,
			    .limit = { true, 0 },
			    .disable_oom_killer = { true, false } },
	};

	emit_begin(&m, &out, 0);
	emit_bound(&m, &bind_spec_resources, &r);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(str_text(&out),
		  "{\"memory\":{\"limit\":0,\"disableOOMKiller\":false}}");
}
