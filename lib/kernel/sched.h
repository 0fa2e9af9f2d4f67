/* SPDX-License-Identifier: Apache-2.0 */
/* sched.h - scheduler, affinity, I/O priority, memory policy; no policy here, see file.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sched_attr_args { /* struct sched_attr of <linux/sched/types.h>,
			    SCHED_ATTR_SIZE_VER0 */
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period; /* ns */
};

int sys_sched_setattr(pid_t pid, const struct sched_attr_args *attr);
int sys_sched_setaffinity(pid_t pid, size_t size, const void *mask);
int sys_sched_getaffinity(pid_t pid, size_t size, void *mask); /* bytes written */
int sys_ioprio_set(int which, int who, int ioprio);
int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long max_node);
