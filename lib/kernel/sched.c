/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched.c - scheduling and memory policy; see sched.h.
 *
 * By number: libc has no wrapper for most of these, and glibc's affinity calls
 * hide how many bytes the kernel wrote.
 */
#include "kernel/sched.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/ret.h"

struct kernel_sched_attr { /* struct sched_attr, SCHED_ATTR_SIZE_VER0 */
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};
_Static_assert(sizeof(struct kernel_sched_attr) == 48, "the kernel's first version");

int sys_sched_setattr(pid_t pid, const struct sched_attr_args *attr)
{
	struct kernel_sched_attr a = {
		.size = sizeof(a),
		.policy = attr->policy,
		.flags = attr->flags,
		.nice = attr->nice,
		.priority = attr->priority,
		.runtime = attr->runtime,
		.deadline = attr->deadline,
		.period = attr->period,
	};

	return ret_errno(syscall(SYS_sched_setattr, pid, &a, 0U));
}

int sys_sched_setaffinity(pid_t pid, size_t size, const void *mask)
{
	return ret_errno(syscall(SYS_sched_setaffinity, pid, size, mask));
}

int sys_sched_getaffinity(pid_t pid, size_t size, void *mask)
{
	return ret_errno(syscall(SYS_sched_getaffinity, pid, size, mask));
}

int sys_ioprio_set(int which, int who, int ioprio)
{
	return ret_errno(syscall(SYS_ioprio_set, which, who, ioprio));
}

int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long max_node)
{
	return ret_errno(syscall(SYS_set_mempolicy, mode, mask, max_node));
}
