/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - raw documents that a lenient parser would take, and places in them. */
#include "../unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/config.h"
#include "spec/json.h"

static int ignore(void *ctx, struct json *j, const struct json_event *event)
{
	(void)ctx;
	(void)j;
	(void)event;
	return 0;
}

static int parse(const char *text, size_t len, struct err *e)
{
	return json_parse(text, len, "x.json", ignore, NULL, e);
}

struct document {
	const char *text, *field, *msg;
	unsigned line, col;
	size_t len; /* 0: strlen */
};

/* clang-format off */
static const struct document refused[] = {
	/* nothing, or not one document */
	{ "", "", "expected object, got nothing", 1, 1, 0 },
	{ " \n\t ", "", "expected object, got nothing", 1, 1, 0 },
	{ "{} x", "", "not valid JSON: something follows the end", 1, 4, 0 },
	{ "{}{}", "", "not valid JSON: something follows the end", 1, 3, 0 },
	{ "{\"a\":1}}", "", "not valid JSON: something follows the end", 1, 8, 0 },
	{ "{}\0", "", "not valid JSON: something follows the end", 1, 3, 3 },
	{ "{}\xff", "", "not valid JSON: something follows the end", 1, 3, 0 },
	{ "{}\n\f", "", "not valid JSON: unexpected character", 2, 1, 0 },
	{ "\xef\xbb\xbf{}", "", "not valid JSON: unexpected character", 1, 1, 0 },
	{ "\xff\xfe{\0}\0", "", "not valid JSON: unexpected character", 1, 1, 6 },
	/* truncated */
	{ "{", "", "not valid JSON: it ends in the middle", 1, 2, 0 },
	{ "{\"a", "", "not valid JSON: it ends in the middle", 1, 4, 0 },
	{ "{\"a\"", "", "not valid JSON: it ends in the middle", 1, 5, 0 },
	{ "{\"a\":", "", "not valid JSON: it ends in the middle", 1, 6, 0 },
	{ "{\"a\":\"b", "", "not valid JSON: it ends in the middle", 1, 8, 0 },
	{ "{\"a\":[1,2", "/a", "not valid JSON: it ends in the middle", 1, 10, 0 },
	/* what other parsers take for JSON */
	{ "{\"a\":1,}", "", "not valid JSON: expected a key in double quotes", 1, 8, 0 },
	{ "{\"a\":[1,]}", "/a", "not valid JSON: expected a value", 1, 9, 0 },
	{ "{\"a\":[1,,2]}", "/a", "not valid JSON: expected a value", 1, 9, 0 },
	{ "{\"a\" 1}", "", "not valid JSON: expected ':'", 1, 6, 0 },
	{ "{\"a\":1 \"b\":2}", "", "not valid JSON: expected ',' or '}'", 1, 8, 0 },
	{ "{\"a\":[1 2]}", "/a", "not valid JSON: expected ',' or ']'", 1, 9, 0 },
	{ "{'a':1}", "", "not valid JSON: unexpected character", 1, 2, 0 },
	{ "{a:1}", "", "not valid JSON: unexpected character", 1, 2, 0 },
	{ "{1:1}", "", "not valid JSON: expected a key in double quotes", 1, 2, 0 },
	{ "{]", "", "not valid JSON: expected a key in double quotes", 1, 2, 0 },
	{ "{/* x */}", "", "not valid JSON: comments are not allowed", 1, 2, 0 },
	{ "{// x\n}", "", "not valid JSON: comments are not allowed", 1, 2, 0 },
	{ "{\v}", "", "not valid JSON: unexpected character", 1, 2, 0 },
	{ "{\"a\":\f1}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\xc2\xa0}", "", "not valid JSON: unexpected character", 1, 2, 0 },
	/* numbers and words */
	{ "{\"a\":01}", "", "not valid JSON: expected ',' or '}'", 1, 7, 0 },
	{ "{\"a\":-01}", "", "not valid JSON: expected ',' or '}'", 1, 8, 0 },
	{ "{\"a\":+1}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\"a\":.5}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\"a\":0x10}", "", "not valid JSON: unexpected character", 1, 7, 0 },
	{ "{\"a\":NaN}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\"a\":Infinity}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\"a\":True}", "", "not valid JSON: unexpected character", 1, 6, 0 },
	{ "{\"a\":nul}", "", "not valid JSON: unexpected word", 1, 6, 0 },
	/* strings */
	{ "{\"a\":\"\xc0\xaf\"}", "/a", "invalid UTF-8 in a string", 1, 6, 0 },
	{ "{\"a\":\"\xe0\x80\xaf\"}", "/a", "invalid UTF-8 in a string", 1, 6, 0 },
	{ "{\"a\":\"\xed\xa0\x80\"}", "/a", "invalid UTF-8 in a string", 1, 6, 0 },
	{ "{\"a\":\"\xf4\x90\x80\x80\"}", "/a", "invalid UTF-8 in a string", 1, 6, 0 },
	{ "{\"a\":\"x\xc3\"}", "/a", "invalid UTF-8 in a string", 1, 6, 0 },
	{ "{\"a\":[0,\"\xff\"]}", "/a/1", "invalid UTF-8 in a string", 1, 9, 0 },
	{ "{\"\xff\":1}", "", "invalid UTF-8 in a string", 1, 2, 0 },
	{ "{\"a\":{\"\xff\":1}}", "/a", "invalid UTF-8 in a string", 1, 7, 0 },
	{ "{\"a\":\"\\ud800\"}", "/a", "lone surrogate in a string", 1, 6, 0 },
	{ "{\"a\":\"\\ud800x\"}", "/a", "lone surrogate in a string", 1, 6, 0 },
	{ "{\"a\":\"\\ud800\\u0041\"}", "/a", "lone surrogate in a string", 1, 6, 0 },
	{ "{\"a\":\"\\ud800\\ud800\"}", "/a", "lone surrogate in a string", 1, 6, 0 },
	{ "{\"a\":\"\\uDC00\"}", "/a", "lone surrogate in a string", 1, 6, 0 },
	{ "{\"\\udfff\":1}", "", "lone surrogate in a string", 1, 2, 0 },
	{ "{\"a\":\"x\\u0000y\"}", "/a", "a string must not contain NUL (\\u0000)", 1, 6, 0 },
	{ "{\"\\u0000\":1}", "", "a string must not contain NUL (\\u0000)", 1, 2, 0 },
	{ "{\"a\":\"x\0y\"}", "", "not valid JSON: invalid character inside string", 1, 6, 11 },
	{ "{\"a\":\"x\ny\"}", "", "not valid JSON: invalid character inside string", 1, 6, 0 },
	/* keys twice */
	{ "{\"a\":1,\"a\":1}", "/a", "duplicate key 'a'", 1, 8, 0 },
	{ "{\"a\":1,\n \"\\u0061\":2}", "/a", "duplicate key 'a'", 2, 2, 0 },
	{ "{\"x\":[{},{\"b\":1,\"b\":2}]}", "/x/1/b", "duplicate key 'b'", 1, 17, 0 },
	{ "{\"a\":{\"\":1,\"\":2}}", "/a/", "duplicate key ''", 1, 12, 0 },
	{ "{\"\\u00e4\":1,\"b\":2,\"\xc3\xa4\":3}", "/\xc3\xa4", "duplicate key '\xc3\xa4'", 1, 19, 0 },
	{ "{\"a/b~c\":1,\"a/b~c\":2}", "/a~1b~0c", "duplicate key 'a/b~c'", 1, 12, 0 },
};
/* clang-format on */

TEST(what_is_not_strict_json_is_refused_where_it_stands)
{
	for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
		const struct document *d = &refused[i];
		struct err e = { 0 };
		int r = parse(d->text, d->len ? d->len : strlen(d->text), &e);
		bool ok = r == -EINVAL && e.kind == ERR_CONFIG && str_eq(e.msg, d->msg) &&
			  str_eq(e.field, d->field) && e.line == d->line &&
			  e.col == d->col && str_eq(e.file, "x.json");

		if (!ok)
			printf("# %s\n# gave %d '%s' at '%s' %u:%u\n", d->text, r, e.msg,
			       e.field, e.line, e.col);
		CHECK(ok);
	}
}

static const char *const accepted[] = {
	"{}",
	" \r\n\t{ \"a\" : [ ] } \r\n\t",
	"{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
	"[{\"a\":1},{\"a\":1}]",
	"{\"A\":1,\"a\":2}",
	"{\"a\":[0,-0,1.5,1e3,-1E-3,true,false,null,\"\"]}",
	"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00\\uFFFF\"}",
	"{\"a\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\x7f\"}",
	"{\"a\":\"\\\\u0000 \\\\ud800\"}",
	"\"\"",
	"0",
};

TEST(what_is_strict_json_is_accepted)
{
	for (size_t i = 0; i < N_ELEMENTS(accepted); i++) {
		struct err e = { 0 };
		int r = parse(accepted[i], strlen(accepted[i]), &e);

		if (r < 0)
			printf("# %s\n# gave %s\n", accepted[i], e.msg);
		CHECK_INT(r, 0);
	}
}

static int parse_nested(size_t depth, char open, char close, struct err *e)
{
	autostr struct str text = { 0 };

	for (size_t i = 0; i < depth; i++)
		str_add(&text, open == '{' ? "{\"a\":" : "[");
	str_add(&text, "1");
	for (size_t i = 0; close && i < depth; i++)
		str_addn(&text, &close, 1);
	return parse(text.s, text.len, e);
}

TEST(sixty_four_levels_are_the_limit_and_a_million_do_no_harm)
{
	struct err e = { 0 };

	CHECK_INT(parse_nested(SPEC_MAX_DEPTH, '[', ']', &e), 0);
	CHECK_INT(parse_nested(SPEC_MAX_DEPTH, '{', '}', &e), 0);
	CHECK_INT(parse_nested(SPEC_MAX_DEPTH + 1, '[', ']', &e), -EINVAL);
	CHECK_STR(e.msg, "nested deeper than 64 levels");
	CHECK_INT(e.col, 65);
	CHECK_INT(parse_nested(1000000, '[', 0, &e), -EINVAL);
	CHECK_STR(e.msg, "nested deeper than 64 levels");
	CHECK_INT(parse_nested(1000000, '{', 0, &e), -EINVAL);
	CHECK_STR(e.msg, "nested deeper than 64 levels");
}

/* Quadratic would be minutes; the test runner's deadline is what sees it. */
TEST(a_million_keys_are_no_more_work_than_their_text)
{
	autostr struct str text = { 0 };
	struct err e = { 0 };

	str_add(&text, "{\"k\":0");
	for (int i = 0; i < 1000000; i++)
		str_addf(&text, ",\"k%d\":0", i);
	str_add(&text, "}");
	CHECK_INT(parse(text.s, text.len, &e), 0);
	text.s[text.len - 1] = ',';
	str_add(&text, "\"k999999\":0}");
	CHECK_INT(parse(text.s, text.len, &e), -EINVAL);
	CHECK_STR(e.field, "/k999999");
}

TEST(sixteen_mebibytes_are_the_limit)
{
	size_t size = SPEC_MAX_SIZE + 1;
	char *text = malloc(size);
	struct err e = { 0 };

	CHECK(text != NULL);
	if (!text)
		return;
	memset(text, ' ', size);
	memcpy(text, "{}", 2);
	CHECK_INT(parse(text, size - 1, &e), 0);
	CHECK_INT(parse(text, size, &e), -EINVAL);
	CHECK_STR(e.msg, "larger than 16 MiB");
	free(text);
}

/* What a sink is given, as one line. */
static int record(void *ctx, struct json *j, const struct json_event *event)
{
	struct str *log = ctx;

	json_pointer(j, JSON_ALL_TOKENS, log);
	str_addf(log, "@%zu %s", json_offset(j), json_type_name(event->type));
	if (event->key)
		str_addf(log, " %.*s", (int)event->key_len, event->key);
	if (event->s)
		str_addf(log, " <%.*s>", (int)event->len, event->s);
	str_add(log, event->truth ? " T\n" : "\n");
	return 0;
}

TEST(a_sink_sees_every_value_with_its_pointer_and_offset)
{
	static const char text[] = "{\"a\": [1, {\"b\\/\": true}], \"c\" :\"\\u0041\"}";
	autostr struct str log = { 0 };
	struct err e = { 0 };

	CHECK_INT(json_parse(text, strlen(text), "x", record, &log, &e), 0);
	CHECK_STR(str_text(&log), "@0 object\n"
				  "/a@6 array a\n"
				  "/a/0@7 number <1>\n"
				  "/a/1@10 object\n"
				  "/a/1/b~1@18 boolean b/ T\n"
				  "/a/1@10 end\n"
				  "/a@6 end\n"
				  "/c@31 string c <A>\n"
				  "@0 end\n");
}

static int refuse_third(void *ctx, struct json *j, const struct json_event *event)
{
	int *n = ctx;

	(void)event;
	return ++*n == 3 ? json_refuse(j, "no %s", "third") : 0;
}

TEST(a_sink_stops_the_parse_and_its_words_are_kept)
{
	static const char text[] = "[1,\n\"\xc3\xa4\", 2, nonsense";
	struct err e = { 0 };
	int n = 0;

	CHECK_INT(json_parse(text, strlen(text), "x", refuse_third, &n, &e), -EINVAL);
	CHECK_INT(n, 3);
	CHECK_STR(e.msg, "no third");
	CHECK_STR(e.field, "/1");
	CHECK_INT(e.line, 2);
	CHECK_INT(e.col, 1);
}

TEST(columns_count_characters)
{
	unsigned line, col;

	json_place("ab\n\xc3\xa4\xe2\x82\xac"
		   "c",
		   9, 8, &line, &col);
	CHECK_INT(line, 2);
	CHECK_INT(col, 3);
	json_place("ab", 2, 99, &line, &col);
	CHECK_INT(line, 1);
	CHECK_INT(col, 3);
}

TEST(an_error_may_be_of_no_interest)
{
	CHECK_INT(parse("{", 1, NULL), -EINVAL);
	CHECK_INT(parse("{\"a\":1,\"a\":1}", 13, NULL), -EINVAL);
}
