/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched.c - CPU affinity.
 *
 * sched_setaffinity(2) takes a mask longer than the machine and cuts it to what the
 * cpuset allows, so one call with every bit set is all there is to compute.
 */
#include "process/sched.h"

#include <string.h>

#include "base/err.h"
#include "kernel/sched.h"

#define MAX_CPUS 8192 /* NR_CPUS of the largest distribution kernels */

int sched_init_affinity(const struct plan *p, struct inside *in, struct err *e)
{
	unsigned char mask[MAX_CPUS / 8];
	int r;

	(void)p, (void)in;
	memset(mask, 0xff, sizeof(mask));
	r = sys_sched_setaffinity(0, sizeof(mask), mask);
	return r < 0 ? err_sys(e, r, "sched_setaffinity", "init") : 0;
}
