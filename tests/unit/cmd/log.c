/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/log.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/command.h"
#include "tests/unit/scratch.h"

/* What comes out on standard error and in the file of --log. */
struct written {
	char err[4096], file[4096];
};

static void run(struct global_args g, void (*what)(const struct global_args *g),
		struct written *ret)
{
	autoscratch struct scratch s = scratch_make();
	autofd int old_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	autofd int err_fd = openat(s.fd, "err", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char path[128];

	CHECK(str_format(path, sizeof(path), "%s/log", s.path) > 0);
	if (g.log)
		g.log = path;
	CHECK(old_fd >= 0 && dup2(err_fd, STDERR_FILENO) == STDERR_FILENO);
	log_setup(&g);
	what(&g);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
	CHECK(dup2(old_fd, STDERR_FILENO) == STDERR_FILENO);
	*ret = (struct written){ 0 };
	CHECK(pread(err_fd, ret->err, sizeof(ret->err) - 1, 0) >= 0);
	(void)file_read_at(s.fd, "log", ret->file, sizeof(ret->file));
}

static bool matches(const char *text, const char *pattern)
{
	regex_t re;
	bool is;

	CHECK(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) == 0);
	is = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	if (!is)
		unit_check_str(text, pattern, "matches", __FILE__, __LINE__);
	return is;
}

static void fail(const struct global_args *g)
{
	struct err e = { 0 };
	int r = err_config(&e, "expected \"string\", got number");

	r = err_at(&e, r, "/mounts/3/type");
	e.line = 106;
	e.col = 22;
	(void)str_format(e.file, sizeof(e.file), "config.json");
	r = err_hint(&e, r, "quote it");
	(void)err_doing(&e, r, "create container 'web'");
	log_report(g, &e);
}

static void fail_by_errno(const struct global_args *g)
{
	struct err e = { 0 };

	(void)err_sys(&e, -EPERM, "clone3", "init");
	log_report(g, &e);
}

static void warn_and_debug(const struct global_args *g)
{
	(void)g;
	log_warn("careful\n");
	log_debug("detail");
}

static void warn_and_fail(const struct global_args *g)
{
	warn_and_debug(g);
	fail(g);
}

#define LINE                                                                             \
	"tare: create container 'web': /mounts/3/type: expected \"string\", got number " \
	"(config.json:106:22)\n"

TEST(an_error_is_one_line_and_one_hint_on_standard_error)
{
	struct written w;

	run((struct global_args){ 0 }, fail, &w);
	CHECK_STR(w.err, LINE "hint: quote it\n");
	CHECK_STR(w.file, "");
	run((struct global_args){ .log_format = "json" }, fail, &w);
	CHECK_STR(w.err, LINE "hint: quote it\n");
	run((struct global_args){ 0 }, fail_by_errno, &w);
	CHECK_STR(w.err, "tare: clone3 'init': EPERM\n"
			 "hint: new namespaces take CAP_SYS_ADMIN: run tare as root\n");
}

#define TIME "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z"

TEST(the_file_gets_exactly_one_json_object)
{
	struct written w;

	run((struct global_args){ .log = "x", .log_format = "json" }, warn_and_fail, &w);
	CHECK(matches(
		w.file,
		"^\\{\"level\":\"error\",\"msg\":\"create container 'web': "
		"/mounts/3/type: expected \\\\\"string\\\\\", got number "
		"\\(config.json:106:22\\)\",\"time\":\"" TIME
		"\",\"field\":\"/mounts/3/type\",\"file\":\"config.json\",\"line\":106,"
		"\"errno\":\"EINVAL\",\"kind\":\"config\",\"hint\":\"quote it\"\\}$"));
	CHECK_STR(w.err, "tare: warning: careful\\x0a\n" LINE "hint: quote it\n");
	run((struct global_args){ .log = "x", .log_format = "json" }, fail_by_errno, &w);
	CHECK(matches(w.file, "\"op\":\"clone3\",\"path\":\"init\",\"errno\":\"EPERM\","
			      "\"kind\":\"system\",\"hint\":\"new namespaces"));
}

TEST(the_text_format_is_key_and_value)
{
	struct written w;

	run((struct global_args){ .log = "x" }, fail, &w);
	CHECK(matches(w.file,
		      "^time=\"" TIME "\" level=error msg=\"create container 'web': "
		      "/mounts/3/type: expected \\\\\"string\\\\\", got number"));
}

TEST(warnings_go_to_the_file_only_when_a_level_was_asked_for)
{
	struct written w;

	run((struct global_args){ .log = "x" }, warn_and_debug, &w);
	CHECK_STR(w.file, "");
	CHECK_STR(w.err, "tare: warning: careful\\x0a\n");
	run((struct global_args){ .log = "x", .log_level = "warning" }, warn_and_debug,
	    &w);
	CHECK(matches(w.file,
		      "^time=\"" TIME "\" level=warning msg=\"careful\\\\x0a\"$"));
	CHECK_STR(w.err, "");
	run((struct global_args){ .log = "x", .debug = true }, warn_and_debug, &w);
	CHECK(matches(w.file, "level=warning.*level=debug msg=\"detail\"$"));
	run((struct global_args){ .log_level = "error" }, warn_and_debug, &w);
	CHECK_STR(w.err, "");
	run((struct global_args){ .debug = true }, warn_and_debug, &w);
	CHECK_STR(w.err, "tare: warning: careful\\x0a\ntare: debug: detail\n");
}

static void fail_into_nowhere(const struct global_args *g)
{
	struct global_args other = *g;

	other.log = "/nonexistent/log";
	fail(&other);
}

TEST(a_log_that_cannot_be_written_is_said_and_hides_nothing)
{
	struct written w;

	run((struct global_args){ 0 }, fail_into_nowhere, &w);
	CHECK_STR(w.err,
		  "tare: write log '/nonexistent/log': ENOENT\n" LINE "hint: quote it\n");
}
