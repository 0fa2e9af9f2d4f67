/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - state.json there and back, and what must not be believed. */
#include "../unit.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/state.h"

static struct str_pair pairs[] = { { "a", "1" }, { "b/c", "" } };

static const struct spec_state whole = {
	.oci_version = "1.3.0",
	.id = "web",
	.status = "created",
	.bundle = "/b",
	.rootfs = "/b/rootfs",
	.config = "/b/other.json",
	.created = "2026-11-23T12:00:00.123456789Z",
	.owner = "root",
	.pid = 4711,
	.start_time = UINT64_MAX,
	.cgroup_manager = "cgroupfs",
	.cgroup_path = "/tare/web",
	.cgroup_made = "/tare",
	.cgroup_v1_joined = UINT32_MAX,
	.annotations = { 2, pairs },
};

static const char whole_text[] =
	"{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"created\",\"pid\":4711,"
	"\"startTime\":18446744073709551615,\"bundle\":\"/b\",\"rootfs\":\"/b/rootfs\","
	"\"config\":\"/b/other.json\",\"created\":\"2026-11-23T12:00:00.123456789Z\","
	"\"owner\":\"root\",\"cgroupManager\":\"cgroupfs\",\"cgroupPath\":\"/tare/web\","
	"\"cgroupMade\":\"/tare\",\"cgroupV1Joined\":4294967295,"
	"\"annotations\":{\"a\":\"1\",\"b/c\":\"\"}}";

TEST(a_state_goes_to_disk_and_comes_back)
{
	autostr struct str text = { 0 }, again = { 0 };
	struct spec_state s = { .pid = 1 };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(state_emit(&whole, &text, &e), 0);
	CHECK_STR(str_text(&text), whole_text);
	CHECK_INT(state_parse(text.s, text.len, &arena, &s, &e), 0);
	CHECK_STR(s.id, "web");
	CHECK_INT(s.pid, 4711);
	CHECK(s.start_time == UINT64_MAX);
	CHECK(s.cgroup_v1_joined == UINT32_MAX);
	CHECK_STR(s.annotations.v[1].key, "b/c");
	CHECK_INT(state_emit(&s, &again, &e), 0);
	CHECK_STR(str_text(&again), whole_text);
	arena_free(&arena);
}

TEST(an_intent_needs_little)
{
	static const struct spec_state intent = {
		.oci_version = "1.0.0", .id = "web", .status = "creating", .bundle = "/b"
	};
	autostr struct str text = { 0 };
	struct spec_state s = { .pid = 1 };
	struct arena arena = { 0 };
	struct err e = { 0 };

	CHECK_INT(state_emit(&intent, &text, &e), 0);
	CHECK_INT(state_parse(text.s, text.len, &arena, &s, &e), 0);
	CHECK_STR(s.status, "creating");
	CHECK_INT(s.pid, 0);
	CHECK(!s.owner && !s.cgroup_path && s.annotations.n == 0);
	arena_free(&arena);
}

static void check_refused(const char *text, const char *want)
{
	struct spec_state s = { .pid = 99 };
	struct arena arena = { 0 };
	struct err e = { 0 };
	char line[1024];

	CHECK_INT(state_parse(text, strlen(text), &arena, &s, &e), -EINVAL);
	err_format(&e, line, sizeof(line));
	CHECK_STR(line, want);
	CHECK_INT(s.pid, 99);
	arena_free(&arena);
}

#define HEAD "{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"bundle\":\"/b\","

TEST(a_damaged_state_is_refused_and_leaves_nothing_half_read)
{
	check_refused("",
		      "read state.json: expected object, got nothing (state.json:1:1)");
	check_refused(HEAD, "read state.json: not valid JSON: it ends in the middle "
			    "(state.json:1:46)");
	check_refused(
		HEAD "\"status\":\"created\"}",
		"read state.json: required member 'pid' is missing (state.json:1:1)");
	check_refused(
		HEAD "\"status\":\"running\",\"pid\":1}",
		"read state.json: /status: \"running\" is not one of creating, created "
		"(state.json:1:55)");
	check_refused(HEAD "\"status\":\"created\",\"pid\":-1}",
		      "read state.json: /pid: must be between 0 and 2147483647, is -1 "
		      "(state.json:1:71)");
	check_refused(HEAD "\"status\":\"created\",\"pid\":1,\"pid\":2}",
		      "read state.json: /pid: duplicate key 'pid' (state.json:1:73)");
}

TEST(a_path_that_is_no_utf8_cannot_be_kept)
{
	struct spec_state s = whole;
	autostr struct str text = { 0 };
	struct err e = { 0 };

	s.bundle = "/b\xff";
	CHECK_INT(state_emit(&s, &text, &e), -EINVAL);
	CHECK_INT(e.kind, ERR_CONFIG);
}

TEST(hooks_get_a_state_around_status_and_pid)
{
	struct arena arena = { 0 };
	const char *head, *tail;

	emit_hook_state(&arena, &whole, &head, &tail);
	CHECK_STR(head, "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"status\":\"");
	CHECK_STR(tail, ",\"bundle\":\"/b\",\"annotations\":{\"a\":\"1\",\"b/c\":\"\"}}");
	arena_free(&arena);
}

TEST(hooks_get_annotations_even_when_there_are_none)
{
	struct spec_state s = whole;
	struct arena arena = { 0 };
	const char *head, *tail;

	s.annotations.n = 0;
	emit_hook_state(&arena, &s, &head, &tail);
	CHECK_STR(tail, ",\"bundle\":\"/b\",\"annotations\":{}}");
	arena_free(&arena);
}
