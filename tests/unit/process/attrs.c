/* SPDX-License-Identifier: Apache-2.0 */
/* oom_score_adj, personality, no_new_privs. */
#include "process/attrs.h"

#include <sys/personality.h>

#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static const char *refusal(const struct spec *s, char text[1024])
{
	struct err e = { 0 };

	return attrs_check(s, &e) < 0 ? text_of(&e, text) : NULL;
}

TEST(a_score_is_within_1000)
{
	struct spec s = { .process = { .oom_score_adj = { true, 1001 } } };
	char text[1024];

	CHECK_STR(refusal(&s, text),
		  "/process/oomScoreAdj: 1001 is not in -1000 to 1000");
	s.process.oom_score_adj.v = -1001;
	CHECK_STR(refusal(&s, text),
		  "/process/oomScoreAdj: -1001 is not in -1000 to 1000");
	s.process.oom_score_adj.v = -1000;
	CHECK_STR(refusal(&s, text), NULL);
}

TEST(a_personality_is_one_of_two_without_flags)
{
	const char *flag[] = { "ADDR_NO_RANDOMIZE", NULL };
	struct spec s = { .linux = { .personality = { .is_set = true,
						      .domain = "LINUX32" } } };
	char text[1024];

	CHECK_STR(refusal(&s, text), NULL);
	s.linux.personality.flags = (struct str_list){ 1, flag, true };
	CHECK_STR(refusal(&s, text), "/linux/personality/flags: no flag is supported");
	s.linux.personality.flags.n = 0;
	s.linux.personality.domain = "BSD";
	CHECK_STR(refusal(&s, text), "/linux/personality/domain: no execution domain is "
				     "called 'BSD'");
	s.linux.personality.domain = NULL;
	CHECK_STR(refusal(&s, text), "/linux/personality: domain is missing");
}

static int64_t score_of(pid_t pid)
{
	char path[64], text[32];
	int64_t v = 99999;

	(void)snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text)) < 0 ||
	    num_parse_i64(text, &v) < 0)
		return 99999;
	return v;
}

TEST(the_score_is_written_when_it_is_given_0_included)
{
	struct spec s = { .process = { .oom_score_adj = { true, 500 } } };
	struct host host = { 0 };
	struct plan p = { .spec = &s, .host = &host };
	struct holder h;
	int64_t before;

	CHECK(holder_start(&h, 0, 0));
	before = score_of(h.pid);
	CHECK_INT(attrs_host_oom(&p, h.pid, NULL), 0);
	CHECK_INT(score_of(h.pid), 500);
	s.process.oom_score_adj.set = false;
	CHECK_INT(attrs_host_oom(&p, h.pid, NULL), 0);
	CHECK_INT(score_of(h.pid), 500);
	if (before <= 0) {
		s.process.oom_score_adj = (struct opt_i64){ true, 0 };
		CHECK_INT(attrs_host_oom(&p, h.pid, NULL), 0);
		CHECK_INT(score_of(h.pid), 0);
	}
	holder_stop(&h);
}

static void count_warning(void *ctx, enum log_level level, const char *text)
{
	size_t *n = ctx;

	*n += level == LOG_LEVEL_WARNING && strstr(text, "/process/oomScoreAdj: stays ");
}

/* As uid 1000, which has no right to go below the score it started with. */
static int lower(void *arg)
{
	struct spec s = { .process = { .oom_score_adj = { true, -900 } } };
	const struct host *h = arg;
	struct plan p = { .spec = &s, .host = h };
	int64_t before = score_of(sys_getpid());
	struct err e = { 0 };
	size_t n_warnings = 0;
	int r;

	if (sys_geteuid() == 0 && sys_setresuid(1000, 1000, 1000) < 0)
		return 10;
	/* Only a dumpable process may write to its own file. */
	if (sys_prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return 11;
	log_set_sink(count_warning, &n_warnings, LOG_LEVEL_WARNING);
	r = attrs_host_oom(&p, sys_getpid(), &e);
	if (score_of(sys_getpid()) != before)
		return 12;
	if (h->euid)
		return r == 0 && n_warnings == 1 ? 0 : 13;
	if (r != -EACCES || n_warnings || !str_eq(e.field, "/process/oomScoreAdj"))
		return 14;
	return strstr(e.msg, "it cannot be lowered from ") == e.msg && e.hint[0] ? 0 : 15;
}

TEST(lowering_without_the_right_is_an_error_for_root_and_a_warning_for_others)
{
	struct host root = { .euid = 0 }, other = { .euid = 1000 };

	CHECK_INT(child_run(0, lower, &root), 0);
	CHECK_INT(child_run(0, lower, &other), 0);
}

static int personalities(void *arg)
{
	struct spec s = { .linux = { .personality = { .is_set = true,
						      .domain = "LINUX32" } } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };

	(void)arg;
	if (attrs_init_personality(&p, &in, NULL) < 0 ||
	    sys_personality(0xffffffff) != PER_LINUX32)
		return 10;
	s.linux.personality.domain = "LINUX";
	if (attrs_init_personality(&p, &in, NULL) < 0 ||
	    sys_personality(0xffffffff) != PER_LINUX)
		return 11;
	if (sys_personality(PER_LINUX32) < 0)
		return 12;
	s.linux.personality.is_set = false;
	if (attrs_init_personality(&p, &in, NULL) < 0)
		return 13;
	return sys_personality(0xffffffff) == PER_LINUX32 ? 0 : 14;
}

TEST(the_personality_is_set_when_it_is_given)
{
	CHECK_INT(child_run(0, personalities, NULL), 0);
}

static int nnp(void *arg)
{
	struct spec s = { .process = { .no_new_privileges = false } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };
	int before = sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);

	(void)arg;
	if (attrs_init_no_new_privs(&p, &in, NULL) < 0 ||
	    sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != before)
		return 10;
	s.process.no_new_privileges = true;
	if (attrs_init_no_new_privs(&p, &in, NULL) < 0)
		return 11;
	return sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 12;
}

TEST(no_new_privs_is_set_only_when_asked_for)
{
	CHECK_INT(child_run(0, nnp, NULL), 0);
}
