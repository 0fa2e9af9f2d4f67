/* SPDX-License-Identifier: Apache-2.0 */
/* The filter: what is refused, what the program decides, and one that is loaded. */
#include "linux/seccomp.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/linux/bpf.h"
#include "tests/unit/unit.h"

#define ERRNO(code) (SECCOMP_RET_ERRNO | (code))
#define X32         0x40000000u
#define LIST(...)                                                                        \
	{                                                                                \
		N_ELEMENTS(((const char *[]){ __VA_ARGS__ })),                           \
			(const char *[]){ __VA_ARGS__ }, true                            \
	}

static const char *refusal(const struct spec_seccomp *c, char text[1024])
{
	struct spec s = { .linux = { .is_set = true, .seccomp = *c } };
	struct err e = { 0 };

	return seccomp_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

static const char *rule_refusal(struct spec_syscall rule, char text[1024])
{
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };

	return refusal(&c, text);
}

TEST(an_errno_for_an_action_that_returns_none_is_refused)
{
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ALLOW",
				  .default_errno_ret = { true, 1 } };
	char text[1024];

	CHECK_STR(refusal(&c, text),
		  "/linux/seccomp/defaultErrnoRet: SCMP_ACT_ALLOW returns no errno");
	c.default_action = "SCMP_ACT_TRACE";
	CHECK_STR(refusal(&c, text), NULL);
	CHECK_STR(rule_refusal(
			  (struct spec_syscall){
				  LIST("chmod"), "SCMP_ACT_KILL", { true, 1 }, { 0 } },
			  text),
		  "/linux/seccomp/syscalls/0/errnoRet: SCMP_ACT_KILL returns no errno");
	CHECK_STR(rule_refusal((struct spec_syscall){ LIST("chmod"),
						      "SCMP_ACT_ERRNO",
						      { true, 4096 },
						      { 0 } },
			       text),
		  "/linux/seccomp/syscalls/0/errnoRet: 4096 is above 4095");
}

TEST(a_rule_must_be_about_something)
{
	struct spec_syscall_arg args[] = { { 0, 1, { 0 }, "SCMP_CMP_EQ" },
					   { 6, 1, { 0 }, "SCMP_CMP_EQ" } };
	char text[1024];

	CHECK_STR(rule_refusal(
			  (struct spec_syscall){ { 0 }, "SCMP_ACT_ALLOW", { 0 }, { 0 } },
			  text),
		  "/linux/seccomp/syscalls/0/names: a rule for no system call");
	CHECK_STR(rule_refusal(
			  (struct spec_syscall){
				  LIST("read", ""), "SCMP_ACT_ALLOW", { 0 }, { 0 } },
			  text),
		  "/linux/seccomp/syscalls/0/names/1: an empty name");
	CHECK_STR(
		rule_refusal(
			(struct spec_syscall){
				LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 2, args } },
			text),
		"/linux/seccomp/syscalls/0/args/1/index: 6: a system call has the arguments "
		"0 to 5");
	args[0].op = "SCMP_CMP_XX";
	CHECK_STR(
		rule_refusal(
			(struct spec_syscall){
				LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 2, args } },
			text),
		"/linux/seccomp/syscalls/0/args/0/op: no operator is called 'SCMP_CMP_XX'");
}

TEST(the_listener_is_not_supported_yet)
{
	struct spec_seccomp c = { .is_set = true, .default_action = "SCMP_ACT_ALLOW" };
	char text[1024];

	c.listener_metadata = "x";
	CHECK_STR(refusal(&c, text), "/linux/seccomp/listenerMetadata: there is no "
				     "listenerPath to send it to");
	c.listener_path = "/run/listener";
	CHECK_STR(refusal(&c, text), "/linux/seccomp/listenerPath: not supported yet: "
				     "/linux/seccomp/listenerPath");
	CHECK_STR(
		rule_refusal(
			(struct spec_syscall){
				LIST("read"), "SCMP_ACT_NOTIFY", { 0 }, { 0 } },
			text),
		"/linux/seccomp/syscalls/0/action: not supported yet: 'SCMP_ACT_NOTIFY'");
}

TEST(an_unknown_action_or_flag_is_refused)
{
	struct spec_seccomp c = { .is_set = true, .default_action = "SCMP_ACT_X" };
	char text[1024];

	CHECK_STR(refusal(&c, text), "/linux/seccomp/defaultAction: no action is called "
				     "'SCMP_ACT_X'");
	c.default_action = "SCMP_ACT_ALLOW";
	c.flags = (struct str_list)LIST("SECCOMP_FILTER_FLAG_LOG", "LOG");
	CHECK_STR(refusal(&c, text), "/linux/seccomp/flags/1: no flag is called 'LOG'");
}

static int plan_it(const struct spec_seccomp *c, struct plan *p, struct err *e)
{
	struct spec s = { .linux = { .is_set = true, .seccomp = *c } };
	int r = seccomp_check(&s, e);

	return r < 0 ? r : seccomp_plan(&s, NULL, p, e);
}

static void plan_or_fail(const struct spec_seccomp *c, struct plan *p)
{
	struct err e = { 0 };
	char text[1024] = "";

	*p = (struct plan){ 0 };
	if (plan_it(c, p, &e) < 0)
		text_of(&e, text);
	CHECK_STR(text, "");
}

static int number(const char *name)
{
	return seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, name);
}

static uint32_t ask(const struct plan *p, uint32_t arch, uint32_t nr, uint64_t a0,
		    uint64_t a1)
{
	struct bpf_call call = { .nr = (int32_t)nr, .arch = arch, .args = { a0, a1 } };

	return bpf_run(p->seccomp.prog, p->seccomp.n, &call);
}

/* One rule on x86_64 with SCMP_ARCH_X86 and X32 beside it, whatever the machine is. */
static uint32_t ask_name(const struct plan *p, const char *name, uint64_t a0, uint64_t a1)
{
	return ask(p, SCMP_ARCH_X86_64, (uint32_t)number(name), a0, a1);
}

static const char *const three[] = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86",
				     "SCMP_ARCH_X32" };
static const struct str_list three_archs = { 3, (const char **)three, true };

TEST(every_action_is_what_it_says)
{
	struct spec_syscall rules[] = {
		{ LIST("read"), "SCMP_ACT_KILL", { 0 }, { 0 } },
		{ LIST("write"), "SCMP_ACT_KILL_THREAD", { 0 }, { 0 } },
		{ LIST("open"), "SCMP_ACT_KILL_PROCESS", { 0 }, { 0 } },
		{ LIST("close"), "SCMP_ACT_TRAP", { 0 }, { 0 } },
		{ LIST("stat"), "SCMP_ACT_ERRNO", { 0 }, { 0 } },
		{ LIST("fstat"), "SCMP_ACT_ERRNO", { true, 38 }, { 0 } },
		{ LIST("lstat"), "SCMP_ACT_TRACE", { 0 }, { 0 } },
		{ LIST("poll"), "SCMP_ACT_TRACE", { true, 7 }, { 0 } },
		{ LIST("lseek"), "SCMP_ACT_LOG", { 0 }, { 0 } },
		{ LIST("mmap"), "SCMP_ACT_ALLOW", { 0 }, { 0 } },
		{ LIST("brk"), "SCMP_ACT_ERRNO", { true, 0 }, { 0 } },
	};
	struct spec_seccomp c = {
		.is_set = true,
		.default_action = "SCMP_ACT_ALLOW",
		.architectures = three_archs,
	};
	struct plan p;

	c.syscalls = (struct spec_syscall_list){ N_ELEMENTS(rules), rules };
	plan_or_fail(&c, &p);
	CHECK(ask_name(&p, "read", 0, 0) == SECCOMP_RET_KILL_THREAD);
	CHECK(ask_name(&p, "write", 0, 0) == SECCOMP_RET_KILL_THREAD);
	CHECK(ask_name(&p, "open", 0, 0) == SECCOMP_RET_KILL_PROCESS);
	CHECK(ask_name(&p, "close", 0, 0) == SECCOMP_RET_TRAP);
	CHECK(ask_name(&p, "stat", 0, 0) == ERRNO(EPERM));
	CHECK(ask_name(&p, "fstat", 0, 0) == ERRNO(ENOSYS));
	CHECK(ask_name(&p, "lstat", 0, 0) == (SECCOMP_RET_TRACE | EPERM));
	CHECK(ask_name(&p, "poll", 0, 0) == (SECCOMP_RET_TRACE | 7));
	CHECK(ask_name(&p, "lseek", 0, 0) == SECCOMP_RET_LOG);
	CHECK(ask_name(&p, "mmap", 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "brk", 0, 0) == ERRNO(0));
	/* An architecture the filter does not have. */
	CHECK(ask(&p, SCMP_ARCH_AARCH64, 63, 0, 0) == SECCOMP_RET_KILL_THREAD);
	arena_free(&p.arena);
}

TEST(every_operator_compares_64_bits)
{
	static const struct {
		const char *op;
		uint64_t value, value_two, yes, no;
	} cases[] = {
		{ "SCMP_CMP_NE", 5, 0, 6, 5 },
		{ "SCMP_CMP_LT", 1ull << 32, 0, (1ull << 32) - 1, 1ull << 32 },
		{ "SCMP_CMP_LE", 1ull << 32, 0, 1ull << 32, (1ull << 32) + 1 },
		{ "SCMP_CMP_EQ", 0x1234567890ull, 0, 0x1234567890ull, 0x34567890ull },
		{ "SCMP_CMP_GE", 10, 0, 10, 9 },
		{ "SCMP_CMP_GT", 10, 0, 11, 10 },
		{ "SCMP_CMP_MASKED_EQ", 0x7e020000, 0, 0x81fdffff, 0x10000000 },
		{ "SCMP_CMP_MASKED_EQ", 0xff, 0x12, 0x3412, 0x1234 },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct spec_syscall_arg arg = {
			1, cases[i].value, { true, cases[i].value_two }, cases[i].op
		};
		struct spec_syscall rule = {
			LIST("clone"), "SCMP_ACT_ALLOW", { 0 }, { 1, &arg }
		};
		struct spec_seccomp c = { .is_set = true,
					  .default_action = "SCMP_ACT_ERRNO",
					  .architectures = three_archs,
					  .syscalls = { 1, &rule } };
		struct plan p;

		plan_or_fail(&c, &p);
		CHECK(ask_name(&p, "clone", 0, cases[i].yes) == SECCOMP_RET_ALLOW);
		CHECK(ask_name(&p, "clone", 0, cases[i].no) == ERRNO(EPERM));
		arena_free(&p.arena);
	}
}

TEST(conditions_on_different_arguments_must_all_hold)
{
	struct spec_syscall_arg args[] = { { 0, 1, { 0 }, "SCMP_CMP_EQ" },
					   { 1, 2, { 0 }, "SCMP_CMP_EQ" } };
	struct spec_syscall rule = {
		LIST("socket"), "SCMP_ACT_ALLOW", { 0 }, { 2, args }
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .architectures = three_archs,
				  .syscalls = { 1, &rule } };
	struct plan p;

	plan_or_fail(&c, &p);
	CHECK(ask_name(&p, "socket", 1, 2) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "socket", 1, 3) == ERRNO(EPERM));
	CHECK(ask_name(&p, "socket", 2, 2) == ERRNO(EPERM));
	arena_free(&p.arena);
}

TEST(conditions_on_the_same_argument_are_alternatives)
{
	struct spec_syscall_arg args[] = { { 0, 0, { 0 }, "SCMP_CMP_EQ" },
					   { 0, 8, { 0 }, "SCMP_CMP_EQ" },
					   { 0, 0xffffffff, { 0 }, "SCMP_CMP_EQ" } };
	struct spec_syscall rule = {
		LIST("personality"), "SCMP_ACT_ALLOW", { 0 }, { 3, args }
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .architectures = three_archs,
				  .syscalls = { 1, &rule } };
	struct plan p;

	plan_or_fail(&c, &p);
	CHECK(ask_name(&p, "personality", 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "personality", 8, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "personality", 0xffffffff, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "personality", 1, 0) == ERRNO(EPERM));
	arena_free(&p.arena);
}

TEST(calls_newer_than_the_profile_do_not_exist)
{
	/* 334 and 386 are the last of these two on x86_64 and i386. */
	struct spec_syscall rules[] = {
		{ LIST("read", "rseq"), "SCMP_ACT_ALLOW", { 0 }, { 0 } },
		{ LIST("write"), "SCMP_ACT_ERRNO", { true, 22 }, { 0 } },
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .architectures = three_archs,
				  .syscalls = { 2, rules } };
	static const char *const refusing[] = { "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
						"SCMP_ACT_KILL_PROCESS",
						"SCMP_ACT_TRAP" };
	struct plan p;

	for (size_t i = 0; i < N_ELEMENTS(refusing); i++) {
		c.default_action = refusing[i];
		plan_or_fail(&c, &p);
		CHECK(ask(&p, SCMP_ARCH_X86_64, 334, 0, 0) == SECCOMP_RET_ALLOW);
		CHECK(ask(&p, SCMP_ARCH_X86_64, 335, 0, 0) == ERRNO(ENOSYS));
		CHECK(ask(&p, SCMP_ARCH_X86_64, X32 - 1, 0, 0) == ERRNO(ENOSYS));
		CHECK(ask(&p, SCMP_ARCH_X86_64, X32 | 334, 0, 0) == SECCOMP_RET_ALLOW);
		CHECK(ask(&p, SCMP_ARCH_X86_64, X32 | 600, 0, 0) == ERRNO(ENOSYS));
		CHECK(ask(&p, SCMP_ARCH_X86, 386, 0, 0) == SECCOMP_RET_ALLOW);
		CHECK(ask(&p, SCMP_ARCH_X86, 387, 0, 0) == ERRNO(ENOSYS));
		CHECK(ask(&p, SCMP_ARCH_X86_64, 1, 0, 0) == ERRNO(EINVAL));
		arena_free(&p.arena);
	}
	c.default_action = "SCMP_ACT_ERRNO";
	plan_or_fail(&c, &p);
	CHECK(ask(&p, SCMP_ARCH_X86_64, 333, 0, 0) == ERRNO(EPERM));
	arena_free(&p.arena);
}

TEST(a_default_that_lets_calls_through_is_left_alone)
{
	static const char *const letting[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",
					       "SCMP_ACT_TRACE" };
	static const uint32_t verdicts[] = { SECCOMP_RET_ALLOW, SECCOMP_RET_LOG,
					     SECCOMP_RET_TRACE | EPERM };

	for (size_t i = 0; i < N_ELEMENTS(letting); i++) {
		struct spec_syscall rule = {
			LIST("read"), "SCMP_ACT_KILL", { 0 }, { 0 }
		};
		struct spec_seccomp c = { .is_set = true,
					  .default_action = letting[i],
					  .architectures = three_archs,
					  .syscalls = { 1, &rule } };
		struct plan p;

		plan_or_fail(&c, &p);
		CHECK(ask(&p, SCMP_ARCH_X86_64, 1000, 0, 0) == verdicts[i]);
		arena_free(&p.arena);
	}
}

TEST(x32_that_the_profile_lacks_is_no_newer_call)
{
	struct spec_syscall rule = { LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 0 } };
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };
	struct plan p;

	c.architectures = (struct str_list)LIST("SCMP_ARCH_X86_64");
	plan_or_fail(&c, &p);
	CHECK(ask(&p, SCMP_ARCH_X86_64, 0, 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask(&p, SCMP_ARCH_X86_64, X32 | 0, 0, 0) == SECCOMP_RET_KILL_THREAD);
	CHECK(ask(&p, SCMP_ARCH_X86_64, X32 | 700, 0, 0) == SECCOMP_RET_KILL_THREAD);
	arena_free(&p.arena);
}

TEST(arm_keeps_its_private_calls)
{
	struct spec_syscall rule = {
		LIST("read", "set_tls", "cacheflush"), "SCMP_ACT_ALLOW", { 0 }, { 0 }
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };
	struct plan p;

	c.architectures = (struct str_list)LIST("SCMP_ARCH_ARM");
	plan_or_fail(&c, &p);
	CHECK(ask(&p, SCMP_ARCH_ARM, 3, 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask(&p, SCMP_ARCH_ARM, 4, 0, 0) == ERRNO(ENOSYS));
	CHECK(ask(&p, SCMP_ARCH_ARM, 0x0effff, 0, 0) == ERRNO(ENOSYS));
	CHECK(ask(&p, SCMP_ARCH_ARM, 0x0f0005, 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask(&p, SCMP_ARCH_ARM, 0x0f0001, 0, 0) == ERRNO(EPERM));
	arena_free(&p.arena);
}

TEST(the_native_architecture_is_in_every_filter)
{
	struct spec_syscall rule = { LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 0 } };
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };
	uint32_t native = seccomp_arch_native();
	int nr = seccomp_syscall_resolve_name("read");
	struct plan p;

	plan_or_fail(&c, &p);
	CHECK(ask(&p, native, (uint32_t)nr, 0, 0) == SECCOMP_RET_ALLOW);
	arena_free(&p.arena);
	c.architectures = (struct str_list)LIST("SCMP_ARCH_AARCH64", "SCMP_ARCH_RISCV64");
	plan_or_fail(&c, &p);
	CHECK(ask(&p, native, (uint32_t)nr, 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask(&p, SCMP_ARCH_AARCH64, 63, 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask(&p, SCMP_ARCH_RISCV64, 63, 0, 0) == SECCOMP_RET_ALLOW);
	arena_free(&p.arena);
}

TEST(an_architecture_that_cannot_be_in_the_filter_is_refused)
{
	struct spec_syscall rule = { LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 0 } };
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };
	struct plan p = { 0 };
	struct err e = { 0 };
	char text[1024];

	c.architectures = (struct str_list)LIST("SCMP_ARCH_X86_64", "SCMP_ARCH_VAX");
	CHECK_INT(plan_it(&c, &p, &e), -EOPNOTSUPP);
	CHECK_STR(text_of(&e, text),
		  "/linux/seccomp/architectures/1: this libseccomp does "
		  "not know 'SCMP_ARCH_VAX'");
	c.architectures = (struct str_list)LIST("SCMP_ARCH_S390X", "SCMP_ARCH_AARCH64");
	CHECK_INT(plan_it(&c, &p, &e), -EINVAL); /* one of the two, on any machine */
	CHECK(strstr(e.msg, "has not the byte order of this machine") != NULL);
	arena_free(&p.arena);
}

static void count_debug(void *ctx, enum log_level level, const char *text)
{
	size_t *n = ctx;

	if (level == LOG_LEVEL_DEBUG && strstr(text, "no_such_call"))
		(*n)++;
}

TEST(a_call_nobody_knows_is_left_out)
{
	struct spec_syscall rule = {
		LIST("no_such_call", "read"), "SCMP_ACT_ALLOW", { 0 }, { 0 }
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .architectures = three_archs,
				  .syscalls = { 1, &rule } };
	struct plan p;
	size_t n = 0;

	log_set_sink(count_debug, &n, LOG_LEVEL_DEBUG);
	plan_or_fail(&c, &p);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
	CHECK_INT((int64_t)n, 1);
	CHECK(ask_name(&p, "read", 0, 0) == SECCOMP_RET_ALLOW);
	arena_free(&p.arena);
}

TEST(a_rule_that_repeats_the_default_and_one_that_repeats_a_rule_are_fine)
{
	struct spec_syscall rules[] = {
		{ LIST("write"), "SCMP_ACT_ERRNO", { true, 1 }, { 0 } },
		{ LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 0 } },
		{ LIST("read"), "SCMP_ACT_ALLOW", { 0 }, { 0 } },
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .architectures = three_archs,
				  .syscalls = { 3, rules } };
	struct plan p;

	plan_or_fail(&c, &p);
	CHECK(ask_name(&p, "read", 0, 0) == SECCOMP_RET_ALLOW);
	CHECK(ask_name(&p, "write", 0, 0) == ERRNO(EPERM));
	arena_free(&p.arena);
}

TEST(two_actions_for_one_condition_are_refused)
{
	struct spec_syscall_arg arg = { 0, 1, { 0 }, "SCMP_CMP_EQ" };
	struct spec_syscall rules[] = {
		{ LIST("socket"), "SCMP_ACT_ALLOW", { 0 }, { 1, &arg } },
		{ LIST("read", "socket"), "SCMP_ACT_KILL", { 0 }, { 1, &arg } },
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 2, rules } };
	struct plan p = { 0 };
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(plan_it(&c, &p, &e), -EINVAL);
	CHECK_STR(
		text_of(&e, text),
		"/linux/seccomp/syscalls/1/names/1: another rule has the same conditions "
		"for 'socket' and a different action");
	arena_free(&p.arena);
}

TEST(flags_are_those_asked_for_and_spec_allow_where_none_are_mentioned)
{
	struct spec_seccomp c = { .is_set = true, .default_action = "SCMP_ACT_ALLOW" };
	struct plan p;

	plan_or_fail(&c, &p);
	CHECK_INT(p.seccomp.flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	arena_free(&p.arena);
	c.flags = (struct str_list){ .is_set = true };
	plan_or_fail(&c, &p);
	CHECK_INT(p.seccomp.flags, 0);
	arena_free(&p.arena);
	c.flags = (struct str_list)LIST("SECCOMP_FILTER_FLAG_TSYNC",
					"SECCOMP_FILTER_FLAG_LOG",
					"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
	plan_or_fail(&c, &p);
	CHECK_INT(p.seccomp.flags, SECCOMP_FILTER_FLAG_LOG);
	arena_free(&p.arena);
}

static int load_and_try(void *arg)
{
	struct inside in = { .proc_fd = -EBADF };

	if (sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 10;
	if (seccomp_install(arg, &in, NULL) < 0)
		return 11;
	if (sys_fchmod(0, 0600) != -EXDEV)
		return 12;
	if (sys_setsid() != -EPERM) /* which otherwise succeeds */
		return 13;
	return sys_getppid() > 0 ? 0 : 14;
}

/* The other tests ask an interpreter; this one the kernel. */
TEST(a_loaded_filter_decides)
{
	struct spec_syscall rules[] = {
		{ LIST("setsid"), "SCMP_ACT_ERRNO", { 0 }, { 0 } },
		{ LIST("fchmod"), "SCMP_ACT_ERRNO", { true, EXDEV }, { 0 } },
	};
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ALLOW",
				  .syscalls = { 2, rules } };
	struct spec s = { .linux = { .is_set = true, .seccomp = c } };
	struct plan p;

	plan_or_fail(&c, &p);
	p.spec = &s;
	CHECK_INT(child_run(0, load_and_try, &p), 0);
	arena_free(&p.arena);
}

static int try_unknown(void *arg)
{
	struct inside in = { .proc_fd = -EBADF };
	int r;

	if (sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    seccomp_install(arg, &in, NULL) < 0)
		return 10;
	errno = 0;
	r = (int)syscall(1000000);
	_exit(r == -1 && errno == ENOSYS ? 0 : 11);
}

TEST(the_kernel_takes_the_prologue_too)
{
	/* exit_group, and what a sanitizer needs on the way there. */
	struct spec_syscall rule = { LIST("exit_group", "mmap", "munmap", "mprotect",
					  "madvise", "futex", "write", "read", "close",
					  "sigaltstack", "rt_sigaction", "rt_sigprocmask",
					  "getpid", "gettid", "sched_yield", "openat"),
				     "SCMP_ACT_ALLOW",
				     { 0 },
				     { 0 } };
	struct spec_seccomp c = { .is_set = true,
				  .default_action = "SCMP_ACT_ERRNO",
				  .syscalls = { 1, &rule } };
	struct spec s = { .linux = { .is_set = true, .seccomp = c } };
	struct plan p;

	plan_or_fail(&c, &p);
	p.spec = &s;
	CHECK_INT(child_run(0, try_unknown, &p), 0);
	arena_free(&p.arena);
}

TEST(without_a_profile_nothing_is_planned_or_loaded)
{
	struct spec s = { .linux = { .is_set = true } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };

	CHECK_INT(seccomp_check(&s, NULL), 0);
	CHECK_INT(seccomp_plan(&s, NULL, &p, NULL), 0);
	CHECK(!p.seccomp.is_set && !p.seccomp.n);
	CHECK_INT(seccomp_install(&p, &in, NULL), 0);
}

TEST(this_build_tells_what_it_has)
{
	struct arena a = { 0 };
	const char *const *names = seccomp_flag_names(&a);
	const char *version = seccomp_library_version(&a);
	bool has_spec_allow = false;

	CHECK(seccomp_is_built());
	CHECK(version && version[0] == '2' && version[1] == '.');
	for (; *names; names++)
		has_spec_allow |= str_eq(*names, "SECCOMP_FILTER_FLAG_SPEC_ALLOW");
	CHECK(has_spec_allow);
	arena_free(&a);
}
