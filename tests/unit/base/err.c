/* SPDX-License-Identifier: Apache-2.0 */
/* Fill, complete, show and distrust the error value. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

static const char *shown(const struct err *e)
{
	static char line[8192];

	err_format(e, line, sizeof(line));
	return line;
}

static void repeat(char *buf, size_t n, char c)
{
	memset(buf, c, n);
	buf[n] = '\0';
}

TEST(a_system_error_names_attempt_object_and_errno)
{
	struct err e = { 0 };

	CHECK_INT(err_sys(&e, -EACCES, "mkdir", "/sys/fs/cgroup/x"), -EACCES);
	CHECK_INT(e.code, EACCES);
	CHECK_INT(e.kind, ERR_SYSTEM);
	CHECK_STR(shown(&e), "mkdir '/sys/fs/cgroup/x': EACCES");
}

TEST(attempt_and_object_of_a_system_error_may_be_missing)
{
	struct err e = { 0 };

	(void)err_sys(&e, -EAGAIN, "clone3", NULL);
	CHECK_STR(shown(&e), "clone3: EAGAIN");
	(void)err_sys(&e, -ENOENT, NULL, "/srv");
	CHECK_STR(shown(&e), "'/srv': ENOENT");
	(void)err_sys(&e, -ENOENT, NULL, NULL);
	CHECK_STR(shown(&e), "ENOENT");
}

TEST(the_object_of_a_system_error_can_be_formatted)
{
	struct err e = { 0 };

	CHECK_INT(err_sysf(&e, -EBUSY, "rmdir", "/sys/%s/%d", "x", 7), -EBUSY);
	CHECK_STR(shown(&e), "rmdir '/sys/x/7': EBUSY");
}

TEST(own_words_come_before_the_system_error)
{
	struct err e = { 0 };

	CHECK_INT(err_sys_msg(&e, -EINVAL, "mount_setattr", "/data", "mount cannot be %s",
			      "idmapped"),
		  -EINVAL);
	CHECK_INT(e.kind, ERR_SYSTEM);
	CHECK_STR(shown(&e), "mount cannot be idmapped (mount_setattr '/data': EINVAL)");
}

TEST(own_words_without_attempt_and_object_stand_alone)
{
	struct err e = { 0 };

	(void)err_sys_msg(&e, -ENOENT, NULL, NULL, "exec: \"%s\": no such file", "/a");
	CHECK_INT(e.code, ENOENT);
	CHECK_STR(shown(&e), "exec: \"/a\": no such file");
}

TEST(each_filler_sets_its_kind_and_returns_its_errno)
{
	struct err e = { 0 };

	CHECK_INT(err_config(&e, "bad %d", 1), -EINVAL);
	CHECK(e.kind == ERR_CONFIG && e.code == EINVAL);
	CHECK_STR(shown(&e), "bad 1");
	CHECK_INT(err_usage(&e, "bad %d", 2), -EINVAL);
	CHECK(e.kind == ERR_USAGE && e.code == EINVAL);
	CHECK_STR(shown(&e), "bad 2");
	CHECK_INT(err_state(&e, -ESRCH, "bad %d", 3), -ESRCH);
	CHECK(e.kind == ERR_STATE && e.code == ESRCH);
	CHECK_STR(shown(&e), "bad 3");
	CHECK_INT(err_unsupported(&e, "bad %d", 4), -EOPNOTSUPP);
	CHECK(e.kind == ERR_UNSUPPORTED && e.code == EOPNOTSUPP);
	CHECK_STR(shown(&e), "bad 4");
	CHECK_INT(err_protocol(&e, "bad %d", 5), -EPROTO);
	CHECK(e.kind == ERR_PROTOCOL && e.code == EPROTO);
	CHECK_STR(shown(&e), "bad 5");
}

TEST(without_an_error_to_fill_only_the_errno_goes_on)
{
	CHECK_INT(err_sys(NULL, -EPERM, "open", "x"), -EPERM);
	CHECK_INT(err_sysf(NULL, -EPERM, "open", "%s", "x"), -EPERM);
	CHECK_INT(err_sys_msg(NULL, -EPERM, "open", "x", "%s", "y"), -EPERM);
	CHECK_INT(err_config(NULL, "%s", "x"), -EINVAL);
	CHECK_INT(err_usage(NULL, "%s", "x"), -EINVAL);
	CHECK_INT(err_state(NULL, -ESRCH, "%s", "x"), -ESRCH);
	CHECK_INT(err_unsupported(NULL, "%s", "x"), -EOPNOTSUPP);
	CHECK_INT(err_protocol(NULL, "%s", "x"), -EPROTO);
	CHECK_INT(err_at(NULL, -EPERM, "/a/%d", 1), -EPERM);
	CHECK_INT(err_at_key(NULL, -EPERM, "/a", "b"), -EPERM);
	CHECK_INT(err_doing(NULL, -EPERM, "%s", "x"), -EPERM);
	CHECK_INT(err_hint(NULL, -EPERM, "%s", "x"), -EPERM);
	CHECK_INT(err_step(NULL, -EPERM, "x", "/y"), -EPERM);
}

TEST(a_result_that_is_no_errno_still_makes_a_filled_error)
{
	static const int bad[] = { 0, 1, ENOENT, -4096, -2147483647 - 1 };
	struct err e = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK_INT(err_sys(&e, bad[i], "x", NULL), -EINVAL);
		CHECK_INT(e.code, EINVAL);
	}
	CHECK_INT(err_sys(&e, -4095, "x", NULL), -4095);
	CHECK_INT(e.code, 4095);
}

TEST(filling_again_leaves_nothing_of_the_old_error)
{
	struct err e = { 0 };

	(void)err_sys(&e, -EPERM, "open", "x");
	(void)err_at(&e, -1, "/mounts");
	(void)err_hint(&e, -1, "do not");
	(void)err_doing(&e, -1, "aim");
	(void)err_step(&e, -1, "mounts", NULL);
	e.line = e.col = 3;
	(void)err_state(&e, -ESRCH, "gone");
	CHECK_STR(e.op, "");
	CHECK_STR(e.path, "");
	CHECK_STR(e.field, "");
	CHECK_STR(e.hint, "");
	CHECK_STR(e.doing, "");
	CHECK_STR(e.step, "");
	CHECK(e.line == 0 && e.col == 0);
}

TEST(a_filler_may_use_texts_of_the_error_it_fills)
{
	struct err e = { 0 };

	(void)err_sys(&e, -ENOENT, "stat", "/bin/x");
	(void)err_sys_msg(&e, -ENOENT, e.op, e.path, "%s is not there", e.path);
	CHECK_STR(shown(&e), "/bin/x is not there (stat '/bin/x': ENOENT)");
	(void)err_state(&e, -EPERM, "<%s>", e.msg);
	CHECK_STR(shown(&e), "</bin/x is not there>");
	(void)err_sys(&e, -EPERM, "a", "b");
	(void)err_sysf(&e, -EPERM, e.op, "%s%s", e.path, e.path);
	CHECK_STR(shown(&e), "a 'bb': EPERM");
	(void)err_doing(&e, 0, "%s", "one");
	(void)err_hint(&e, 0, "%s two", e.doing);
	CHECK_STR(e.hint, "one two");
}

TEST(adders_leave_an_unfilled_error_alone)
{
	struct err e = { 0 }, none = { 0 };

	CHECK_INT(err_at(&e, -EPERM, "/a/%d", 1), -EPERM);
	CHECK_INT(err_at_key(&e, -EPERM, "/a", "b"), -EPERM);
	CHECK_INT(err_doing(&e, -EPERM, "x"), -EPERM);
	CHECK_INT(err_hint(&e, -EPERM, "x"), -EPERM);
	CHECK_INT(err_step(&e, -EPERM, "x", "/y"), -EPERM);
	CHECK(memcmp(&e, &none, sizeof(e)) == 0);
	CHECK_STR(shown(&e), "");
}

TEST(the_pointer_is_put_together_from_the_inside_out)
{
	struct err e = { 0 };
	int r = err_config(&e, "expected string, got number");

	r = err_at(&e, r, "/source");
	r = err_at(&e, r, "/mounts/%zu", (size_t)2);
	CHECK_INT(r, -EINVAL);
	CHECK_STR(e.field, "/mounts/2/source");
	CHECK_STR(shown(&e), "/mounts/2/source: expected string, got number");
}

TEST(a_key_is_escaped_in_a_pointer)
{
	struct err e = { 0 };

	(void)err_config(&e, "x");
	(void)err_at(&e, 0, "/tail");
	CHECK_INT(err_at_key(&e, -EINVAL, "/annotations", "a/b~c~1"), -EINVAL);
	CHECK_STR(e.field, "/annotations/a~1b~0c~01/tail");
	e.field[0] = '\0';
	(void)err_at_key(&e, 0, "", "");
	CHECK_STR(e.field, "/");
}

TEST(long_pointers_and_keys_are_cut_in_the_middle)
{
	struct err e = { 0 };
	char key[5001];

	repeat(key, 5000, '/');
	(void)err_config(&e, "x");
	(void)err_at_key(&e, 0, "/annotations", key);
	CHECK_INT((int64_t)strlen(e.field), sizeof(e.field) - 1);
	CHECK(strncmp(e.field, "/annotations/~1~1", 17) == 0);
	CHECK(strstr(e.field, "...") != NULL);

	repeat(key, 5000, 'k');
	(void)err_config(&e, "x");
	for (int i = 0; i < 3; i++)
		(void)err_at(&e, 0, "/%s", key);
	(void)err_at(&e, 0, "/first");
	CHECK_INT((int64_t)strlen(e.field), sizeof(e.field) - 1);
	CHECK(strncmp(e.field, "/first/kkk", 10) == 0);
}

TEST(long_texts_keep_head_and_tail)
{
	struct err e = { 0 };
	char text[3001];

	repeat(text, 3000, 'm');
	text[0] = '<';
	text[2999] = '>';
	(void)err_sys_msg(&e, -EPERM, text, text, "%s", text);
	CHECK_INT((int64_t)strlen(e.op), sizeof(e.op) - 1);
	CHECK_INT((int64_t)strlen(e.path), sizeof(e.path) - 1);
	CHECK_INT((int64_t)strlen(e.msg), sizeof(e.msg) - 1);
	(void)err_doing(&e, 0, "%s", text);
	(void)err_hint(&e, 0, "%s", text);
	(void)err_step(&e, 0, text, text);
	CHECK(e.msg[0] == '<' && e.msg[sizeof(e.msg) - 2] == '>');
	CHECK(e.path[0] == '<' && e.path[sizeof(e.path) - 2] == '>');
	CHECK(e.doing[0] == '<' && e.doing[sizeof(e.doing) - 2] == '>');
	CHECK(e.hint[0] == '<' && e.hint[sizeof(e.hint) - 2] == '>');
	CHECK(e.step[0] == '<' && e.step[sizeof(e.step) - 2] == '>');
	CHECK(e.field[0] == '<' && e.field[sizeof(e.field) - 2] == '>');
	(void)err_sysf(&e, -EPERM, "open", "%s", text);
	CHECK(e.path[0] == '<' && e.path[sizeof(e.path) - 2] == '>');
}

TEST(text_longer_than_any_path_is_cut_at_its_end)
{
	struct err e = { 0 };
	char *text = malloc(10001);

	CHECK(text != NULL);
	if (!text)
		return;
	repeat(text, 10000, 'm');
	text[9999] = '>';
	CHECK_INT(err_config(&e, "%s", text), -EINVAL);
	CHECK_INT((int64_t)strlen(e.msg), sizeof(e.msg) - 1);
	CHECK(strchr(e.msg, '>') == NULL);
	free(text);
}

TEST(the_first_aim_and_the_first_hint_stay)
{
	struct err e = { 0 };

	(void)err_config(&e, "lexical error");
	CHECK_INT(err_doing(&e, -EINVAL, "read %s", "config.json"), -EINVAL);
	CHECK_INT(err_doing(&e, -EINVAL, "create container '%s'", "web"), -EINVAL);
	CHECK_INT(err_hint(&e, -EINVAL, "first %d", 1), -EINVAL);
	CHECK_INT(err_hint(&e, -EINVAL, "second %d", 2), -EINVAL);
	CHECK_STR(shown(&e), "read config.json: lexical error");
	CHECK_STR(e.hint, "first 1");
}

TEST(a_step_brings_its_field_unless_the_error_has_one)
{
	struct err e = { 0 };

	(void)err_sys(&e, -EPERM, "sethostname", NULL);
	CHECK_INT(err_step(&e, -EPERM, "uts", "/hostname"), -EPERM);
	CHECK_STR(e.step, "uts");
	CHECK_STR(e.field, "/hostname");

	(void)err_sys(&e, -EPERM, "mount", NULL);
	(void)err_at(&e, 0, "/mounts/1");
	(void)err_step(&e, 0, "mounts", "/mounts");
	CHECK_STR(e.field, "/mounts/1");
}

TEST(a_host_step_adds_nothing_to_an_error_of_a_step_of_init)
{
	struct err e = { 0 };

	(void)err_sys(&e, -EINVAL, "pivot_root", ".");
	(void)err_step(&e, 0, "pivot", NULL);
	(void)err_step(&e, 0, "init", "/linux/namespaces");
	CHECK_STR(e.step, "pivot");
	CHECK_STR(shown(&e), "step 'pivot': pivot_root '.': EINVAL");
}

TEST(all_parts_stand_in_one_line)
{
	struct err e = { 0 };

	(void)err_sys(&e, -ELOOP, "open_tree", "/srv/data");
	(void)err_at(&e, 0, "/mounts/2/source");
	(void)err_step(&e, 0, "mounts", NULL);
	(void)err_doing(&e, 0, "create container 'web'");
	(void)err_hint(&e, 0, "not in the line");
	(void)snprintf(e.file, sizeof(e.file), "config.json");
	e.line = 57;
	e.col = 19;
	CHECK_STR(shown(&e), "create container 'web': /mounts/2/source: "
			     "open_tree '/srv/data': ELOOP (config.json:57:19)");
}

TEST(an_unknown_place_is_left_out)
{
	struct err e = { 0 };

	(void)err_config(&e, "x");
	e.line = 4;
	CHECK_STR(shown(&e), "x");
	(void)snprintf(e.file, sizeof(e.file), "process.json");
	CHECK_STR(shown(&e), "x (process.json:4)");
	e.line = 0;
	e.col = 7;
	CHECK_STR(shown(&e), "x (process.json)");
}

TEST(an_errno_without_a_name_is_shown_as_a_number)
{
	struct err e = { 0 };

	(void)err_sys(&e, -4000, "open", "x");
	CHECK_STR(shown(&e), "open 'x': errno 4000");
}

TEST(what_could_move_the_cursor_is_escaped)
{
	struct err e = { 0 };

	(void)err_sys_msg(&e, -EPERM, "open", "a\nb\x1b[2J\x7f\xff", "\tk\xc3\xa4se");
	(void)err_doing(&e, 0, "create container '\r'");
	CHECK_STR(shown(&e), "create container '\\x0d': \\x09k\xc3\xa4se "
			     "(open 'a\\x0ab\\x1b[2J\\x7f\\xff': EPERM)");
}

TEST(the_line_is_cut_to_its_buffer_and_terminated)
{
	struct err e = { 0 };
	char buf[9] = "########";

	(void)err_config(&e, "0123456789");
	err_format(&e, buf, 5);
	CHECK_STR(buf, "0123");
	CHECK(memcmp(buf + 5, "###", 3) == 0);
	err_format(&e, buf, 1);
	CHECK_STR(buf, "");
	memset(buf, '#', 8);
	err_format(&e, buf, 0);
	CHECK_STR(buf, "########");
	(void)err_config(&e, "ab\ncd");
	err_format(&e, buf, 6);
	CHECK_STR(buf, "ab");
}

TEST(the_longest_error_is_shown_in_full)
{
	struct err e = {
		.code = EPERM, .kind = ERR_SYSTEM, .line = 99999999, .col = 99999999
	};
	const char *line;

	repeat(e.file, sizeof(e.file) - 1, 'f');
	repeat(e.op, sizeof(e.op) - 1, 'o');
	repeat(e.path, sizeof(e.path) - 1, 'p');
	repeat(e.field, sizeof(e.field) - 1, 'F');
	repeat(e.doing, sizeof(e.doing) - 1, 'd');
	repeat(e.msg, sizeof(e.msg) - 1, 'm');
	line = shown(&e);
	CHECK(strncmp(line, "dddd", 4) == 0);
	CHECK(strstr(line, "p': EPERM) (fff") != NULL);
	CHECK_STR(line + strlen(line) - 19, ":99999999:99999999)");
}

static bool is_zero_after_text(const char *field, size_t size)
{
	for (size_t i = strlen(field); i < size; i++) {
		if (field[i])
			return false;
	}
	return true;
}

/* Deeper than what the fillers put on the stack. */
__attribute__((noinline)) static void dirty_stack(void)
{
	volatile char junk[16384];

	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = 'j';
}

TEST(nothing_of_the_stack_travels_with_an_error)
{
	struct err e = { 0 };

	dirty_stack();
	(void)err_sys_msg(&e, -EPERM, "open", "x", "%s", "m");
	dirty_stack();
	(void)err_doing(&e, 0, "%s", "aim");
	dirty_stack();
	(void)err_hint(&e, 0, "%s", "hint");
	(void)err_step(&e, 0, "mounts", "/mounts");
	CHECK(is_zero_after_text(e.op, sizeof(e.op)));
	CHECK(is_zero_after_text(e.path, sizeof(e.path)));
	CHECK(is_zero_after_text(e.msg, sizeof(e.msg)));
	CHECK(is_zero_after_text(e.doing, sizeof(e.doing)));
	CHECK(is_zero_after_text(e.hint, sizeof(e.hint)));
	CHECK(is_zero_after_text(e.step, sizeof(e.step)));
	CHECK(is_zero_after_text(e.field, sizeof(e.field)));
	CHECK(is_zero_after_text(e.file, sizeof(e.file)));
}

TEST(an_error_from_outside_is_terminated_and_bounded)
{
	struct err e;

	memset(&e, 0xff, sizeof(e));
	err_sanitize(&e);
	CHECK_INT(e.code, EPROTO);
	CHECK_INT(e.kind, ERR_PROTOCOL);
	CHECK(e.line == 0 && e.col == 0);
	CHECK_INT((int64_t)strlen(e.file), sizeof(e.file) - 1);
	CHECK_INT((int64_t)strlen(e.op), sizeof(e.op) - 1);
	CHECK_INT((int64_t)strlen(e.path), sizeof(e.path) - 1);
	CHECK_INT((int64_t)strlen(e.field), sizeof(e.field) - 1);
	CHECK_INT((int64_t)strlen(e.step), sizeof(e.step) - 1);
	CHECK_INT((int64_t)strlen(e.doing), sizeof(e.doing) - 1);
	CHECK_INT((int64_t)strlen(e.msg), sizeof(e.msg) - 1);
	CHECK_INT((int64_t)strlen(e.hint), sizeof(e.hint) - 1);
}

TEST(codes_and_kinds_from_outside_are_kept_in_range)
{
	static const struct {
		int code;
		unsigned kind;
		int want_code;
		enum err_kind want_kind;
	} cases[] = {
		{ 0, ERR_SYSTEM, EPROTO, ERR_SYSTEM },
		{ -1, ERR_STATE, EPROTO, ERR_STATE },
		{ 1, ERR_CONFIG, 1, ERR_CONFIG },
		{ 4095, ERR_PROTOCOL, 4095, ERR_PROTOCOL },
		{ 4096, ERR_USAGE, EPROTO, ERR_USAGE },
		{ EPERM, ERR_NONE, EPERM, ERR_PROTOCOL },
		{ EPERM, ERR_PROTOCOL + 1, EPERM, ERR_PROTOCOL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err e = { .code = cases[i].code };

		memcpy(&e.kind, &cases[i].kind, sizeof(e.kind));
		err_sanitize(&e);
		CHECK_INT(e.code, cases[i].want_code);
		CHECK_INT(e.kind, cases[i].want_kind);
	}
}

TEST(an_honest_error_from_outside_is_left_alone)
{
	struct err e = { 0 }, copy;

	(void)err_sys_msg(&e, -EPERM, "open", "x", "m");
	(void)err_step(&e, 0, "mounts", "/mounts");
	(void)err_doing(&e, 0, "aim");
	(void)err_hint(&e, 0, "hint");
	e.line = (1u << 24) + 1;
	e.col = 2;
	copy = e;
	err_sanitize(&e);
	CHECK(memcmp(&e, &copy, sizeof(e)) == 0);
	e.line = e.col = (1u << 24) + 2;
	err_sanitize(&e);
	CHECK(e.line == 0 && e.col == 0);
}

TEST(errno_names_are_the_kernels)
{
	CHECK_STR(err_name(ENOENT), "ENOENT");
	CHECK_STR(err_name(-ENOENT), "ENOENT");
	CHECK_STR(err_name(1), "EPERM");
	CHECK_STR(err_name(EWOULDBLOCK), "EAGAIN");
	CHECK_STR(err_name(EOPNOTSUPP), "EOPNOTSUPP");
	CHECK_STR(err_name(EHWPOISON), "EHWPOISON");
	CHECK_STR(err_name(524), "ENOTSUPP");
	CHECK_STR(err_name(0), "unknown errno");
	CHECK_STR(err_name(523), "unknown errno");
	CHECK_STR(err_name(525), "unknown errno");
	CHECK_STR(err_name(4095), "unknown errno");
	CHECK_STR(err_name(-2147483647 - 1), "unknown errno");
}
