/* SPDX-License-Identifier: Apache-2.0 */
/* cpu.h - /linux/resources/cpu where one field is not one file; see knobs.h. */
#pragma once

#include <stdint.h>

struct cgroup_hierarchy;
struct err;
struct plan;
struct spec;

/* quota and period: two files of v1, one of v2. */
int cpu_plan(const struct spec *spec, const struct cgroup_hierarchy *h, struct plan *plan,
	     struct err *e);

/* cgroup v1 cpu.shares (2..262144, usually 1024) as a v2 cpu.weight (1..10000, 100). */
unsigned cpu_shares_to_weight(uint64_t shares);
