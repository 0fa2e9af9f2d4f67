/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.h - checks for code that may run in a child, where CHECK would be lost.
 *
 * EXPECT(cond) says what is wrong and counts it in the variable `wrong` of the
 * function, which becomes the exit status or is compared with 0.
 */
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/process.h"
#include "kernel/seccomp.h"

static inline int expect_count(bool ok, const char *text, const char *file, int line)
{
	if (ok)
		return 0;
	/* not by stdio: what the parent has in its buffer would come twice */
	(void)dprintf(STDOUT_FILENO, "# %s:%d: %s\n", file, line, text);
	return 1;
}
#define EXPECT(cond) (wrong += expect_count((cond), #cond, __FILE__, __LINE__))

/* From now on this system call is ENOSYS to this process: an older kernel. */
static inline int make_old_kernel(unsigned nr)
{
	const struct bpf_insn_classic prog[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, nr },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	int r = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

	return r < 0 ? r : sys_seccomp_load(prog, sizeof(prog) / sizeof(prog[0]), 0);
}
