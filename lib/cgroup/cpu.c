/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu.c - CPU bandwidth, and the curve from shares to weight.
 *
 * OCI: /linux/resources/cpu/quota, /linux/resources/cpu/period
 *
 * v1 has a file for each, and refuses either while the other, still old, would exceed
 * the parent's ratio: hence `with_next`. v2 has "QUOTA PERIOD" in cpu.max.
 */
#include "cgroup/cpu.h"

#include <stdbool.h>

#include "cgroup/knobs.h"
#include "plan.h"

#define QUOTA_FIELD  "/linux/resources/cpu/quota"
#define PERIOD_FIELD "/linux/resources/cpu/period"

static void plan_v1(struct plan *plan, int64_t quota, uint64_t period)
{
	struct arena *a = &plan->arena;

	if (period)
		knobs_add(plan, "cpu", "cpu.cfs_period_us",
			  arena_printf(a, "%llu", (unsigned long long)period),
			  PERIOD_FIELD)
			->with_next = quota != 0;
	if (quota)
		knobs_add(plan, "cpu", "cpu.cfs_quota_us",
			  arena_printf(a, "%lld", quota < 0 ? -1LL : (long long)quota),
			  QUOTA_FIELD);
}

static void plan_v2(struct plan *plan, int64_t quota, uint64_t period)
{
	struct arena *a = &plan->arena;
	const char *value = quota > 0 ? arena_printf(a, "%lld", (long long)quota) : "max";

	if (period)
		value = arena_printf(a, "%s %llu", value, (unsigned long long)period);
	knobs_add(plan, "cpu", "cpu.max", value, quota ? QUOTA_FIELD : PERIOD_FIELD);
}

int cpu_plan(const struct spec *spec, const struct cgroup_hierarchy *h, struct plan *plan,
	     struct err *e)
{
	const struct spec_cpu *cpu = &spec->linux.resources.cpu;
	int64_t quota = cpu->quota.set ? cpu->quota.v : 0; /* 0 means not given */
	uint64_t period = cpu->period.set ? cpu->period.v : 0;
	bool v2;
	int r;

	if (!quota && !period)
		return 0;
	r = knobs_find(h, CGROUP_CPU, quota ? "cpu.cfs_quota_us" : "cpu.cfs_period_us",
		       "cpu.max", quota ? QUOTA_FIELD : PERIOD_FIELD, &v2, e);
	if (r < 0)
		return r;
	if (v2)
		plan_v2(plan, quota, period);
	else
		plan_v1(plan, quota, period);
	return 0;
}

/*
 * Bit by bit: squaring doubles the logarithm. libm has log2(), but is one more library
 * to load at every start.
 */
static double log2_of(double x)
{
	double log = 0;

	for (; x >= 2; x /= 2)
		log += 1;
	for (double bit = 0.5; bit > 1e-15; bit /= 2) {
		x *= x;
		if (x < 2)
			continue;
		x /= 2;
		log += bit;
	}
	return log;
}

/*
 * With l = log2(shares), the weight is 10^((l^2 + 125 l) / 612 - 7/34), rounded up: the
 * parabola through (2, 1), (1024, 100) and (262144, 10000) that other runtimes have
 * agreed on. In logarithms it needs no power: 612 log2(weight) >= log2(10) (l^2 + 125 l
 * - 126), of which the smallest weight is looked up.
 */
unsigned cpu_shares_to_weight(uint64_t shares)
{
	const double rounding = 1e-9; /* l = 10 is to give 100, not 101 */
	unsigned low = 1, high = 10000;
	double l, want;

	if (shares <= 2)
		return low;
	if (shares >= 262144)
		return high;
	l = log2_of((double)shares);
	want = log2_of(10) * (l * l + 125 * l - 126) - rounding;
	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (612 * log2_of(mid) >= want)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}
