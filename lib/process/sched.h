/* SPDX-License-Identifier: Apache-2.0 */
/* sched.h - on which CPUs the container's process may run. */
#pragma once

#include "plan.h"

struct err;

/*
 * Allow all CPUs that the cgroup allows: the affinity of the caller, an engine pinned to
 * one CPU perhaps, is not the container's. After the cgroup has been entered.
 */
int sched_init_affinity(const struct plan *p, struct inside *in, struct err *e);
