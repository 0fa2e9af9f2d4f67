/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/cpu.h"

#include "cgroup/knobs.h"
#include "tests/unit/cgroup/fake.h"

TEST(the_curve_goes_through_minimum_default_and_maximum)
{
	CHECK_INT(cpu_shares_to_weight(2), 1);
	CHECK_INT(cpu_shares_to_weight(1024), 100);
	CHECK_INT(cpu_shares_to_weight(262144), 10000);
	CHECK_INT(cpu_shares_to_weight(1), 1);
	CHECK_INT(cpu_shares_to_weight(UINT64_MAX), 10000);
}

/* Values other runtimes give, computed from the formula in double precision. */
TEST(the_curve_is_that_of_other_runtimes)
{
	static const unsigned want[][2] = {
		{ 3, 2 },          { 10, 4 },     { 100, 17 },    { 256, 35 },
		{ 512, 59 },       { 1000, 99 },  { 1023, 100 },  { 1025, 101 },
		{ 2048, 174 },     { 4096, 303 }, { 10240, 639 }, { 100000, 4340 },
		{ 262143, 10000 },
	};

	for (size_t i = 0; i < N_ELEMENTS(want); i++)
		CHECK_INT(cpu_shares_to_weight(want[i][0]), want[i][1]);
}

/* Over all shares: the sum pins every value, the order that it never falls. */
TEST(more_shares_never_weigh_less)
{
	unsigned last = 1;
	uint64_t sum = 0;

	for (uint64_t shares = 2; shares <= 262144; shares++) {
		unsigned weight = cpu_shares_to_weight(shares);

		CHECK(weight >= last);
		last = weight;
		sum = sum * 31 + weight;
	}
	CHECK(sum == UINT64_C(18391891938883860598));
}

static void plan_cpu(struct fake *f, int64_t quota, uint64_t period)
{
	struct spec_cpu *cpu = &f->spec.linux.resources.cpu;

	*cpu = (struct spec_cpu){ .quota = { quota != 0, quota },
				  .period = { period != 0, period } };
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	CHECK_INT(cpu_plan(&f->spec, f->h, &f->plan, &f->e), 0);
}

TEST(v1_writes_period_and_quota_each_of_which_may_have_to_go_first)
{
	struct fake f;

	fake_v1_machine(&f);
	plan_cpu(&f, 50000, 100000);
	CHECK_GOLDEN(&f, "cpu cpu.cfs_period_us=100000 @/cpu/period +next\n"
			 "cpu cpu.cfs_quota_us=50000 @/cpu/quota\n");
	plan_cpu(&f, -1, 0);
	CHECK_GOLDEN(&f, "cpu cpu.cfs_quota_us=-1 @/cpu/quota\n");
	plan_cpu(&f, 0, 50000);
	CHECK_GOLDEN(&f, "cpu cpu.cfs_period_us=50000 @/cpu/period\n");
	plan_cpu(&f, 0, 0);
	CHECK_GOLDEN(&f, "");
	fake_free(&f);
}

TEST(v2_writes_both_to_cpu_max)
{
	struct fake f;

	fake_v2_machine(&f);
	plan_cpu(&f, 50000, 100000);
	CHECK_GOLDEN(&f, "cpu cpu.max=50000 100000 @/cpu/quota\n");
	plan_cpu(&f, 50000, 0);
	CHECK_GOLDEN(&f, "cpu cpu.max=50000 @/cpu/quota\n");
	plan_cpu(&f, -1, 0);
	CHECK_GOLDEN(&f, "cpu cpu.max=max @/cpu/quota\n");
	plan_cpu(&f, 0, 20000);
	CHECK_GOLDEN(&f, "cpu cpu.max=max 20000 @/cpu/period\n");
	fake_free(&f);
}
