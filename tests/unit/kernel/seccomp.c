/* SPDX-License-Identifier: Apache-2.0 */
/* Loading a filter, and asking what the kernel knows of filters. */
#include "kernel/seccomp.h"

#include <linux/filter.h>

#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

static const struct bpf_insn_classic allow[] = {
	{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
};

static int load(void *arg)
{
	static const struct bpf_insn_classic broken[] = {
		{ BPF_LD | BPF_IMM, 0, 0, 0 }, /* no return */
	};
	int fd, wrong = 0;

	(void)arg;
	EXPECT(sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	EXPECT(sys_seccomp_load(broken, 1, 0) == -EINVAL);
	EXPECT(sys_seccomp_load(allow, 0, 0) == -EINVAL);
	EXPECT(sys_seccomp_load(allow, BPF_MAXINSNS + 1, 0) == -EINVAL);
	/* 65,537 is 1 to the 16 bits of the kernel's length */
	EXPECT(sys_seccomp_load(allow, 65537, 0) == -EINVAL);
	EXPECT(sys_seccomp_load(allow, 1, SECCOMP_FILTER_FLAG_LOG) == 0);
	EXPECT(sys_prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2);
	fd = sys_seccomp_load(allow, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	EXPECT(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(make_old_kernel(SYS_getppid) == 0);
	EXPECT(syscall(SYS_getppid) == -1 && errno == ENOSYS);
	return wrong;
}

TEST(a_filter_is_loaded_and_a_bad_one_is_not)
{
	CHECK_INT(child_run(0, load, NULL), 0);
}

static int ask(void *arg)
{
	unsigned known = sys_seccomp_flags_avail();
	int wrong = 0;

	(void)arg;
	EXPECT(known & SECCOMP_FILTER_FLAG_TSYNC);
	EXPECT(known & SECCOMP_FILTER_FLAG_LOG);
	EXPECT(known & SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	EXPECT(known & SECCOMP_FILTER_FLAG_NEW_LISTENER);
	EXPECT(known < SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV * 2);
	EXPECT(sys_prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0); /* nothing was loaded */
	EXPECT(sys_seccomp_action_avail(SECCOMP_RET_ERRNO) == 0);
	EXPECT(sys_seccomp_action_avail(SECCOMP_RET_KILL_PROCESS) == 0);
	EXPECT(sys_seccomp_action_avail(0x7ff80000) == -EOPNOTSUPP);
	return wrong;
}

TEST(the_kernel_is_asked_without_effect)
{
	CHECK_INT(child_run(0, ask, NULL), 0);
}
