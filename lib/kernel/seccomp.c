/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp.c - the seccomp(2) system call; see seccomp.h.
 *
 * libc has no wrapper. The program is the caller's bytes; that they have the
 * layout of struct sock_filter is asserted here, the one place that knows both.
 */
#include "kernel/seccomp.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "kernel/compat.h"
#include "kernel/ret.h"

_Static_assert(sizeof(struct bpf_insn_classic) == sizeof(struct sock_filter), "layout");
_Static_assert(offsetof(struct bpf_insn_classic, k) == offsetof(struct sock_filter, k),
	       "layout");

int sys_seccomp_load(const struct bpf_insn_classic *prog, size_t n, unsigned flags)
{
	const struct sock_fprog program = {
		.len = (unsigned short)n,
		.filter = (struct sock_filter *)(void *)prog,
	};
	long r;

	if (n > BPF_MAXINSNS)
		return -EINVAL;
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (r <= 0 || flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return ret_errno(r);
	return -ESRCH; /* TSYNC: the id of the thread that could not follow */
}

int sys_seccomp_action_avail(uint32_t action)
{
	return ret_errno(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action));
}

/* Flags are judged before the program is read: EFAULT says the flag is known. */
unsigned sys_seccomp_flags_avail(void)
{
	unsigned avail = 0;

	for (unsigned flag = 1; flag <= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	     flag <<= 1) {
		unsigned probe = flag;

		/* valid only in its company */
		if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
			probe |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, probe, NULL) < 0 &&
		    errno == EFAULT)
			avail |= flag;
	}
	return avail;
}
