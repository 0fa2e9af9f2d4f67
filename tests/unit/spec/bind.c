/* SPDX-License-Identifier: Apache-2.0 */
/* bind.c - every row of the tables against every kind of value it must refuse. */
#include "../unit.h"

#include <errno.h>

#include "base/err.h"
#include "sample.h"
#include "spec/emit.h"
#include "spec/json.h"

static size_t n_cases;

static void check_refused(const struct path *path, const char *value)
{
	autostr struct str text = { 0 }, where = { 0 };
	struct err e = { 0 };
	unsigned line, col;
	int r;

	build(&text, path, value);
	pointer(&where, path);
	r = parse(path->root, text.s, true, &e);
	n_cases++;
	if (r == -EINVAL && e.kind == ERR_CONFIG && str_after(e.field, where.s) &&
	    str_eq(e.file, "config.json") && e.msg[0])
		(void)json_locate(text.s, text.len, e.field, &line, &col);
	else
		line = col = 0;
	if (line == 0 || e.line != line || e.col != col)
		printf("# %s\n# gave %d %s: %s at %u:%u\n", text.s, r, e.field, e.msg,
		       e.line, e.col);
	CHECK(line != 0 && line == e.line && col == e.col);
}

static void check_accepted(const struct path *path, const char *value)
{
	autostr struct str text = { 0 };
	struct err e = { 0 };

	build(&text, path, value);
	n_cases++;
	if (parse(path->root, text.s, true, &e) == 0)
		return;
	printf("# %s\n# gave %s: %s\n", text.s, e.field, e.msg);
	CHECK(!"accepted");
}

/* clang-format off */
static const char *const wrong[][10] = {
	[BIND_STR] = { "1", "1.5", "true", "false", "[]", "{}", "[\"x\"]" },
	[BIND_BOOL] = { "0", "1", "\"true\"", "\"\"", "[]", "{}" },
	[BIND_U32] = { "\"1\"", "true", "[]", "{}", "1.0", "1e3", "-1", "4294967296",
		       "99999999999999999999999999" },
	[BIND_U64] = { "\"1\"", "true", "[]", "{}", "1.0", "1E3", "-1",
		       "18446744073709551616", "99999999999999999999999999" },
	[BIND_I64] = { "\"1\"", "true", "[]", "{}", "1.0", "1e0", "9223372036854775808",
		       "-9223372036854775809", "-99999999999999999999999999" },
	[BIND_OPT_BOOL] = { "0", "1", "\"true\"", "\"\"", "[]", "{}" },
	[BIND_OPT_U16] = { "\"1\"", "true", "[]", "{}", "1.0", "1e3", "-1", "65536" },
	[BIND_OPT_U32] = { "\"1\"", "true", "[]", "{}", "1.5", "1e3", "-1", "4294967296" },
	[BIND_OPT_I32] = { "\"1\"", "true", "[]", "{}", "1.5", "1e3", "-2147483649",
			   "2147483648" },
	[BIND_OPT_U64] = { "\"1\"", "true", "[]", "{}", "1.5", "1e3", "-1",
			   "18446744073709551616" },
	[BIND_OPT_I64] = { "\"1\"", "true", "[]", "{}", "1.5", "1e3",
			   "9223372036854775808", "-9223372036854775809" },
	[BIND_STRS] = { "1", "true", "\"x\"", "{}", "[1]", "[null]", "[true]", "[[]]",
			"[{}]" },
	[BIND_U32S] = { "1", "true", "\"x\"", "{}", "[\"1\"]", "[null]", "[1.5]", "[-1]",
			"[4294967296]" },
	[BIND_STR_MAP] = { "1", "true", "\"x\"", "[]", "{\"k\":1}", "{\"k\":true}",
			   "{\"k\":[]}", "{\"k\":{}}", "{\"\":\"x\"}" },
	[BIND_OBJECT] = { "1", "true", "\"x\"", "\"\"", "[]", "[{}]" },
	[BIND_LIST] = { "1", "true", "\"x\"", "{}", "[1]", "[null]", "[\"x\"]", "[[]]",
			"[true]" },
	[BIND_MAP] = { "1", "true", "\"x\"", "[]", "{\"k\":1}", "{\"k\":\"x\"}",
		       "{\"k\":[]}", "{\"\":{}}" },
};
/* clang-format on */

static void check_wrong_types(const struct path *path)
{
	for (size_t i = 0; i < 10 && wrong[last(path)->kind][i]; i++)
		check_refused(path, wrong[last(path)->kind][i]);
}

TEST(every_wrong_type_for_every_member_of_config_json_is_refused_at_its_place)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_wrong_types);
	printf("# %zu documents\n", n_cases);
	CHECK(n_cases > 1400);
}

TEST(every_wrong_type_in_process_json_and_resources_is_refused_at_its_place)
{
	struct path process = { .root = &bind_spec_process };
	struct path resources = { .root = &bind_spec_resources };

	n_cases = 0;
	walk(&process, &bind_spec_process, check_wrong_types);
	walk(&resources, &bind_spec_resources, check_wrong_types);
	CHECK(n_cases > 700);
}

static void check_sample(const struct path *path)
{
	autostr struct str value = { 0 };

	sample_value(&value, last(path), false);
	check_accepted(path, value.s);
	if (!(last(path)->flags & REQUIRED))
		check_accepted(path, "null");
}

TEST(every_member_takes_a_good_value_and_null_when_it_is_optional)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_sample);
	CHECK(n_cases > 300);
}

/* null is the same as absent, so it is how a required member is left out here. */
static void check_required(const struct path *path)
{
	autostr struct str text = { 0 }, parent = { 0 };
	struct path up = *path;
	struct err e = { 0 };
	char want[128];

	if (!(last(path)->flags & REQUIRED))
		return;
	n_cases++;
	build(&text, path, "null");
	CHECK_INT(parse(path->root, text.s, true, &e), -EINVAL);
	(void)snprintf(want, sizeof(want), "required member '%s' is missing",
		       last(path)->name);
	CHECK_STR(e.msg, want);
	up.n--;
	pointer(&parent, &up);
	if (up.n && last(&up)->kind == BIND_LIST)
		str_add(&parent, "/0");
	else if (up.n && last(&up)->kind == BIND_MAP)
		str_add(&parent, "/k");
	CHECK_STR(e.field, str_text(&parent));
}

TEST(every_required_member_is_missed_by_name_at_its_object)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_required);
	CHECK(n_cases > 40);
}

static void check_bounds(const struct path *path)
{
	const struct bind_field *field = last(path);
	char value[32];

	if (!field->max || field->kind == BIND_U32S)
		return;
	n_cases++;
	if (field->max < UINT64_MAX) {
		(void)snprintf(value, sizeof(value), "%" PRIu64, field->max + 1);
		check_refused(path, value);
	}
	(void)snprintf(value, sizeof(value), "%" PRId64, field->min - 1);
	check_refused(path, value);
	(void)snprintf(value, sizeof(value), "%" PRId64, field->min);
	check_accepted(path, value);
	/* fileMode: the bits above 0777 depend on another member */
	if (str_eq(field->name, "fileMode"))
		return;
	(void)snprintf(value, sizeof(value), "%" PRIu64, field->max);
	check_accepted(path, value);
}

TEST(every_bound_of_a_number_holds_on_both_sides)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_bounds);
	CHECK(n_cases > 15);
}

static void check_words(const struct path *path)
{
	const struct bind_field *field = last(path);
	bool is_list = field->kind == BIND_STRS;
	char value[128];

	for (size_t i = 0; field->one_of && field->one_of[i]; i++) {
		(void)snprintf(value, sizeof(value), is_list ? "[\"%s\"]" : "\"%s\"",
			       field->one_of[i]);
		check_accepted(path, value);
	}
	if (!field->one_of)
		return;
	check_refused(path, is_list ? "[\"\"]" : "\"\"");
	check_refused(path, is_list ? "[\"NO_SUCH\"]" : "\"NO_SUCH\"");
	(void)snprintf(value, sizeof(value), is_list ? "[\"%sX\"]" : "\"%sX\"",
		       field->one_of[0]);
	check_refused(path, value);
}

TEST(every_word_of_a_list_is_accepted_and_no_other)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_words);
	CHECK(n_cases > 100);
}

static void check_not_empty(const struct path *path)
{
	if (!(last(path)->flags & NOT_EMPTY))
		return;
	n_cases++;
	check_refused(path, last(path)->kind == BIND_STRS ? "[]" : "\"\"");
	if (last(path)->kind == BIND_STRS)
		check_refused(path, "[\"\"]");
}

TEST(what_must_not_be_empty_is_refused_when_it_is)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_not_empty);
	CHECK(n_cases > 5);
}

/* not applied yet */

static void check_not_yet(const struct path *path)
{
	autostr struct str text = { 0 }, value = { 0 }, where = { 0 };
	const struct bind_field *field = last(path);
	struct err e = { 0 };
	char want[128];

	if (!(field->flags & NOT_YET))
		return;
	n_cases++;
	sample_value(&value, field, true);
	build(&text, path, value.s);
	pointer(&where, path);
	CHECK_INT(parse(path->root, text.s, false, &e), -EOPNOTSUPP);
	CHECK_INT(e.kind, ERR_UNSUPPORTED);
	(void)snprintf(want, sizeof(want), "not supported yet: %s", where.s);
	CHECK_STR(e.msg, want);
	CHECK(e.line == 1 && e.col > 1);
	CHECK_STR(e.file, "config.json");
}

TEST(a_field_that_is_not_applied_yet_makes_the_load_fail_by_its_name)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_not_yet);
	CHECK(n_cases >= 16);
}

static void check_neutral(const struct path *path)
{
	static const char *const values[] = { "null", "false", "{}", "[]", "\"\"" };
	const struct bind_field *field = last(path);

	if (!(field->flags & NOT_YET))
		return;
	for (size_t i = 0; i < N_ELEMENTS(values); i++) {
		autostr struct str text = { 0 };
		struct err e = { 0 };

		build(&text, path, values[i]);
		/* the others are of the wrong type, or lack a required member */
		if (parse(path->root, text.s, true, &e) < 0)
			continue;
		n_cases++;
		CHECK_INT(parse(path->root, text.s, false, &e), 0);
	}
}

TEST(a_neutral_value_of_a_field_that_is_not_applied_yet_is_no_error)
{
	struct path path = { .root = &bind_spec };

	n_cases = 0;
	walk(&path, &bind_spec, check_neutral);
	CHECK(n_cases >= 30);
}

TEST(objects_of_neutral_values_are_neutral_and_named_entries_are_not)
{
	struct err e = { 0 };

	CHECK_INT(
		parse(&bind_spec_resources,
		      "{\"blockIO\":{\"weightDevice\":null,\"throttleReadBpsDevice\":[]}}",
		      false, &e),
		0);
	CHECK_INT(parse(&bind_spec_resources, "{\"rdma\":{\"mlx5_1\":{}}}", false, &e),
		  -EOPNOTSUPP);
	CHECK_INT(parse(&bind_spec_resources, "{\"network\":{\"classID\":0}}", false, &e),
		  -EOPNOTSUPP);
}

TEST(an_error_in_the_document_wins_over_a_field_that_is_not_applied_yet)
{
	struct err e = { 0 };

	CHECK_INT(parse(&bind_spec_process,
			"{\"cwd\":\"/\",\"selinuxLabel\":\"x\",\"terminal\":1}", false,
			&e),
		  -EINVAL);
	CHECK_STR(e.field, "/terminal");
	CHECK_STR(e.msg, "expected boolean, got number");
}

/* messages */

static void check_message(const struct bind_type *type, const char *text,
			  const char *field, const char *msg)
{
	struct err e = { 0 };

	CHECK_INT(parse(type, text, true, &e), -EINVAL);
	CHECK_STR(e.field, field);
	CHECK_STR(e.msg, msg);
}

TEST(messages_say_what_is_wrong)
{
	check_message(&bind_spec, "{\"ociVersion\":\"1.0.0\",\"hostname\":5}",
		      "/hostname", "expected string, got number");
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"user\":{\"umask\":999999}}",
		      "/user/umask", "must be between 0 and 511, is 999999");
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"oomScoreAdj\":-1001}",
		      "/oomScoreAdj", "must be between -1000 and 1000, is -1001");
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"oomScoreAdj\":1.0}",
		      "/oomScoreAdj", "expected integer, got 1.0");
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"oomScoreAdj\":\"1\"}",
		      "/oomScoreAdj", "expected integer, got string");
	check_message(&bind_spec_process,
		      "{\"cwd\":\"/\",\"ioPriority\":{\"class\":\"X\"}}",
		      "/ioPriority/class",
		      "\"X\" is not one of IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, "
		      "IOPRIO_CLASS_IDLE");
	check_message(&bind_spec_process, "{\"user\":{}}", "",
		      "required member 'cwd' is missing");
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"user\":{\"uid\":4294967295}}",
		      "/user/uid", "must be between 0 and 4294967294, is 4294967295");
	check_message(&bind_spec_resources,
		      "{\"hugepageLimits\":[{\"pageSize\":\"../2MB\",\"limit\":1}]}",
		      "/hugepageLimits/0/pageSize",
		      "\"../2MB\" is not a page size like 64KB, 2MB or 1GB");
	check_message(&bind_spec_resources, "{\"unified\":{\"\":\"1\"}}", "/unified/",
		      "a key must not be empty");
	check_message(&bind_spec_resources,
		      "{\"devices\":[{\"allow\":true,\"access\":\"rx\"}]}",
		      "/devices/0/access", "\"rx\" is not made of r, w and m");
}

TEST(the_lower_bound_of_a_timeout_is_said_alone)
{
	check_message(
		&bind_spec,
		"{\"ociVersion\":\"1.0.0\",\"hooks\":{\"poststop\":[{\"path\":\"/x\","
		"\"timeout\":0}]}}",
		"/hooks/poststop/0/timeout", "must be at least 1, is 0");
}

TEST(an_error_in_an_item_of_a_list_names_its_index)
{
	check_message(&bind_spec_process, "{\"cwd\":\"/\",\"args\":[\"a\",\"b\",3]}",
		      "/args/2", "expected string, got number");
	check_message(&bind_spec_process,
		      "{\"cwd\":\"/\",\"user\":{\"additionalGids\":[1,2,4294967295]}}",
		      "/user/additionalGids/2",
		      "must be between 0 and 4294967294, is 4294967295");
}

/* keys */

TEST(keys_match_by_exact_case_and_unknown_ones_are_skipped_whole)
{
	union any o = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(parse_into(&bind_spec_process,
			     "{\"CWD\":5,\"cwdx\":[{\"cwd\":{}}],\"cw\":true,\"\":1,"
			     "\"cwd\":\"/a\",\"Terminal\":\"yes\"}",
			     &o, &arena, false, &e),
		  0);
	CHECK_STR(o.process.cwd, "/a");
	CHECK(!o.process.terminal);
	arena_free(&arena);
}

TEST(a_key_written_with_escapes_is_the_same_key)
{
	union any o = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(parse_into(&bind_spec_process,
			     "{\"\\u0063wd\":\"\\/a\\u00e4\\ud83d\\ude00\"}", &o, &arena,
			     false, &e),
		  0);
	CHECK_STR(o.process.cwd, "/a\xc3\xa4\xf0\x9f\x98\x80");
	arena_free(&arena);
}

/* whole documents */

static void check_whole(const struct bind_type *type)
{
	autostr struct str text = { 0 }, out = { 0 };
	union any o = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	struct err e = { 0 };
	struct emit m;

	sample_object(&text, type, true);
	CHECK_INT(parse_into(type, text.s, &o, &arena, true, &e), 0);
	CHECK_STR(e.msg, "");
	emit_begin(&m, &out, 0);
	emit_bound(&m, type, &o);
	CHECK_INT(emit_end(&m), 0);
	CHECK_STR(str_text(&out), text.s);
	arena_free(&arena);
}

TEST(a_document_with_every_member_comes_out_as_it_went_in)
{
	check_whole(&bind_spec);
	check_whole(&bind_spec_process);
	check_whole(&bind_spec_resources);
}

TEST(members_are_found_in_any_order)
{
	union any o = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(
		parse_into(
			&bind_spec_resources,
			"{\"unified\":{\"b\":\"1\",\"a\":\"2\"},\"pids\":{\"limit\":-1},"
			"\"cpu\":{\"mems\":\"0\",\"shares\":18446744073709551615,"
			"\"quota\":-9223372036854775808,\"cpus\":\"1\"}}",
			&o, &arena, false, &e),
		0);
	CHECK_INT((int64_t)o.resources.unified.n, 2);
	CHECK_STR(o.resources.unified.v[0].key, "b");
	CHECK_STR(o.resources.unified.v[1].value, "2");
	CHECK(o.resources.pids.is_set && o.resources.pids.limit == -1);
	CHECK(o.resources.cpu.shares.set && o.resources.cpu.shares.v == UINT64_MAX);
	CHECK(o.resources.cpu.quota.set && o.resources.cpu.quota.v == INT64_MIN);
	CHECK_STR(o.resources.cpu.cpus, "1");
	CHECK(!o.resources.cpu.period.set && !o.resources.memory.is_set);
	arena_free(&arena);
}

TEST(lists_end_with_null_and_an_empty_one_differs_from_none)
{
	union any o = { .spec = { .text = NULL } };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(parse_into(&bind_spec_process,
			     "{\"cwd\":\"/\",\"args\":[\"a\",\"b\",\"c\",\"d\",\"e\"],"
			     "\"env\":[],\"capabilities\":{\"bounding\":[],"
			     "\"ambient\":null}}",
			     &o, &arena, false, &e),
		  0);
	CHECK_INT((int64_t)o.process.args.n, 5);
	CHECK_STR(o.process.args.v[4], "e");
	CHECK(!o.process.args.v[5]);
	CHECK(o.process.env.is_set && o.process.env.n == 0);
	CHECK(o.process.capabilities.bounding.is_set);
	CHECK(!o.process.capabilities.ambient.is_set);
	arena_free(&arena);
}

/* The array of four is full just then; what follows it in the arena is not NULL. */
TEST(a_list_of_any_length_ends_with_null)
{
	for (size_t n = 1; n < 40; n++) {
		autostr struct str text = { 0 };
		union any o = { .spec = { .text = NULL } };
		struct arena arena = { 0 };
		struct err e = { 0 };

		str_add(&text, "{\"cwd\":\"/\",\"args\":[\"a\"");
		for (size_t i = 1; i < n; i++)
			str_add(&text, ",\"a\"");
		str_add(&text, "],\"env\":[\"b\",\"b\",\"b\"]}");
		CHECK_INT(parse_into(&bind_spec_process, text.s, &o, &arena, false, &e),
			  0);
		CHECK_INT((int64_t)o.process.args.n, (int64_t)n);
		CHECK(!o.process.args.v[n]);
		CHECK_STR(o.process.args.v[n - 1], "a");
		arena_free(&arena);
	}
}

TEST(a_page_size_is_a_number_and_a_unit)
{
	static const char *const bad[] = {
		"",    "0KB",  "02MB", "2",    "2M",   "MB",
		"2mb", "2MBx", "2TB",  "-2MB", " 2MB", "2MB/.."
	};
	static const char *const good[] = { "64KB", "2MB", "1GB", "10GB" };
	char text[128];

	for (size_t i = 0; i < N_ELEMENTS(bad) + N_ELEMENTS(good); i++) {
		bool is_bad = i < N_ELEMENTS(bad);
		const char *size = is_bad ? bad[i] : good[i - N_ELEMENTS(bad)];
		struct err e = { 0 };

		(void)snprintf(text, sizeof(text),
			       "{\"hugepageLimits\":[{\"pageSize\":\"%s\",\"limit\":1}]}",
			       size);
		CHECK_INT(parse(&bind_spec_resources, text, true, &e),
			  is_bad ? -EINVAL : 0);
	}
}

static void check_pattern(const char *member, const char *value, int want)
{
	struct err e = { 0 };
	char text[256];

	(void)snprintf(text, sizeof(text),
		       "{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":\"/\","
		       "\"execCPUAffinity\":{\"%s\":\"%s\"}},"
		       "\"linux\":{\"intelRdt\":{\"%s\":\"%s\"}}}",
		       member, value, member, value);
	CHECK_INT(parse(&bind_spec, text, true, &e), want);
}

TEST(patterns_of_the_schema_hold)
{
	check_pattern("initial", "0-3, 7", 0);
	check_pattern("final", "", 0);
	check_pattern("initial", "all", -EINVAL);
	check_pattern("final", "0;1", -EINVAL);
	check_pattern("memBwSchema", "MB:0=10;1=20", 0);
	check_pattern("memBwSchema", "MB:", 0);
	check_pattern("memBwSchema", "mb:0=10", -EINVAL);
	check_pattern("memBwSchema", "xMB:0=10", -EINVAL);
	check_pattern("memBwSchema", "MB:0=10\\nL3:0=f", -EINVAL);
	check_pattern("memBwSchema", "", -EINVAL);
}

TEST(minus_zero_is_zero)
{
	struct err e = { 0 };

	CHECK_INT(parse(&bind_spec_process, "{\"cwd\":\"/\",\"user\":{\"uid\":-0}}",
			false, &e),
		  0);
}
