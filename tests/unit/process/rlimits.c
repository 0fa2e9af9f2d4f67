/* SPDX-License-Identifier: Apache-2.0 */
/* Resource limits: what is refused, and setting real ones on a child. */
#include "process/rlimits.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static const char *refusal(struct spec_rlimit *v, size_t n, char text[1024])
{
	struct spec s = { .process = { .rlimits = { n, v } } };
	struct err e = { 0 };

	return rlimits_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

TEST(a_second_limit_for_one_resource_is_refused)
{
	struct spec_rlimit v[] = { { "RLIMIT_AS", 1, 1 },
				   { "RLIMIT_NOFILE", 1, 1 },
				   { "RLIMIT_AS", 2, 2 } };
	char text[1024];

	CHECK_STR(refusal(v, 3, text),
		  "/process/rlimits/2: a second limit for RLIMIT_AS, the "
		  "first is /process/rlimits/0");
	CHECK_STR(refusal(v, 2, text), NULL);
}

TEST(an_unknown_resource_is_refused)
{
	struct spec_rlimit v[] = { { "RLIMIT_FOO", 1, 1 } };
	char text[1024];

	CHECK_STR(refusal(v, 1, text),
		  "/process/rlimits/0/type: no resource is called 'RLIMIT_FOO'");
	v[0].type = "NOFILE";
	CHECK_STR(refusal(v, 1, text),
		  "/process/rlimits/0/type: no resource is called 'NOFILE'");
}

TEST(a_soft_limit_above_the_hard_one_is_refused)
{
	struct spec_rlimit v[] = { { "RLIMIT_CORE", UINT64_MAX, 7 } };
	char text[1024];

	CHECK_STR(refusal(v, 1, text), "/process/rlimits/0/soft: RLIMIT_CORE: soft limit "
				       "18446744073709551615 is above hard limit 7");
}

TEST(every_resource_of_the_kernel_is_known)
{
	static const char *const types[] = {
		"AS",      "CORE",     "CPU",        "DATA",   "FSIZE", "LOCKS",
		"MEMLOCK", "MSGQUEUE", "NICE",       "NOFILE", "NPROC", "RSS",
		"RTPRIO",  "RTTIME",   "SIGPENDING", "STACK",
	};
	char text[1024], name[32];

	for (size_t i = 0; i < N_ELEMENTS(types); i++) {
		struct spec_rlimit v[] = { { name, 1, 1 } };

		(void)snprintf(name, sizeof(name), "RLIMIT_%s", types[i]);
		CHECK_STR(refusal(v, 1, text), NULL);
	}
}

TEST(the_host_sets_them_on_another_process)
{
	struct rlimit64 now, got = { 0 };
	struct spec_rlimit v[] = { { "RLIMIT_NOFILE", 11, 0 }, { "RLIMIT_CORE", 0, 0 } };
	struct spec s = { .process = { .rlimits = { 2, v } } };
	struct host host = { .caps = { .effective = UINT64_C(1) << CAP_SYS_RESOURCE } };
	struct plan p = { .spec = &s, .host = &host };
	struct holder h;

	CHECK_INT(sys_prlimit(0, RLIMIT_NOFILE, NULL, &now), 0);
	v[0].hard = now.rlim_max;
	CHECK(holder_start(&h, 0, 0));
	CHECK_INT(rlimits_host(&p, h.pid, NULL), 0);
	CHECK_INT(sys_prlimit(h.pid, RLIMIT_NOFILE, NULL, &got), 0);
	CHECK(got.rlim_cur == 11 && got.rlim_max == now.rlim_max);
	CHECK_INT(sys_prlimit(h.pid, RLIMIT_CORE, NULL, &got), 0);
	CHECK(got.rlim_cur == 0 && got.rlim_max == 0);
	holder_stop(&h);
}

TEST(without_the_right_over_others_init_sets_them_itself)
{
	struct spec_rlimit v[] = { { "RLIMIT_CORE", 0, 0 } };
	struct spec s = { .process = { .rlimits = { 1, v } } };
	struct host host = { .caps = { .effective =
					       ~(UINT64_C(1) << CAP_SYS_RESOURCE) } };
	struct plan p = { .spec = &s, .host = &host };
	struct rlimit64 before, after;
	struct holder h;

	CHECK(holder_start(&h, 0, 0));
	CHECK_INT(sys_prlimit(h.pid, RLIMIT_CORE, NULL, &before), 0);
	CHECK(!rlimits_by_host(&p));
	CHECK_INT(rlimits_host(&p, h.pid, NULL), 0);
	CHECK_INT(sys_prlimit(h.pid, RLIMIT_CORE, NULL, &after), 0);
	CHECK(before.rlim_max && after.rlim_max == before.rlim_max);
	host.caps.effective = ~UINT64_C(0);
	CHECK(rlimits_by_host(&p));
	holder_stop(&h);
}

static int raise_as_nobody(void *arg)
{
	struct spec_rlimit v[] = { { "RLIMIT_CORE", 0, 0 }, { "RLIMIT_NOFILE", 20, 30 } };
	struct spec s = { .process = { .rlimits = { 2, v } } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };
	const struct rlimit64 low = { 10, 10 };
	struct err e = { 0 };
	char text[1024];

	(void)arg;
	if (sys_prlimit(0, RLIMIT_NOFILE, &low, NULL) < 0)
		return 10;
	if (sys_geteuid() == 0 && sys_setresuid(1000, 1000, 1000) < 0)
		return 11;
	if (rlimits_init(&p, &in, &e) != -EPERM)
		return 12;
	if (!str_eq(text_of(&e, text),
		    "/process/rlimits/1: the hard limit cannot be raised from 10 to 30 "
		    "(prlimit 'RLIMIT_NOFILE': EPERM)"))
		return 13;
	return str_eq(e.hint,
		      "raising a hard limit takes CAP_SYS_RESOURCE; without it ask "
		      "for at most 10")
		       ? 0
		       : 14;
}

TEST(raising_a_hard_limit_without_the_right_names_limit_and_numbers)
{
	CHECK_INT(child_run(0, raise_as_nobody, NULL), 0);
}

static int set_own(void *arg)
{
	struct spec_rlimit v[] = { { "RLIMIT_FSIZE", 4096, 8192 } };
	struct spec s = { .process = { .rlimits = { 1, v } } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };
	struct rlimit64 got;

	(void)arg;
	if (rlimits_init(&p, &in, NULL) < 0)
		return 10;
	if (sys_prlimit(0, RLIMIT_FSIZE, NULL, &got) < 0)
		return 11;
	return got.rlim_cur == 4096 && got.rlim_max == 8192 ? 0 : 12;
}

TEST(a_process_can_set_its_own)
{
	CHECK_INT(child_run(0, set_own, NULL), 0);
}
