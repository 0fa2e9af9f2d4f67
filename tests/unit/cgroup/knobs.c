/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/knobs.h"

#include "base/log.h"
#include "tests/unit/cgroup/fake.h"

static struct spec_resources everything(void)
{
	return (struct spec_resources){
		.memory = {
			.limit = { true, 4000 },
			.reservation = { true, 1000 },
			.swap = { true, 6000 },
			.swappiness = { true, 10 },
			.disable_oom_killer = { true, true },
			.use_hierarchy = { true, true },
			.kernel = { true, 77 },
			.kernel_tcp = { true, 78 },
		},
		.cpu = {
			.shares = { true, 1024 },
			.quota = { true, 50000 },
			.period = { true, 100000 },
			.burst = { true, 1000 },
			.realtime_period = { true, 1000000 },
			.realtime_runtime = { true, 950000 },
			.idle = { true, 1 },
			.cpus = "0-1",
			.mems = "0",
		},
		.pids = { true, 32 },
	};
}

static int plan_knobs(struct fake *f)
{
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	f->e = (struct err){ 0 };
	return knobs_plan(&f->spec, f->h, &f->plan, &f->e);
}

TEST(the_golden_plan_of_v1)
{
	struct fake f;

	fake_v1_machine(&f);
	f.spec.linux.resources = everything();
	CHECK_INT(plan_knobs(&f), 0);
	CHECK_GOLDEN(&f, "memory memory.limit_in_bytes=4000 @/memory/limit +next\n"
			 "memory memory.memsw.limit_in_bytes=6000 @/memory/swap\n"
			 "cpu cpu.cfs_period_us=100000 @/cpu/period +next\n"
			 "cpu cpu.cfs_quota_us=50000 @/cpu/quota\n"
			 "memory memory.soft_limit_in_bytes=1000 @/memory/reservation\n"
			 "memory memory.swappiness=10 @/memory/swappiness\n"
			 "memory memory.oom_control=1 @/memory/disableOOMKiller\n"
			 "memory memory.use_hierarchy=1 @/memory/useHierarchy\n"
			 "cpu cpu.shares=1024 @/cpu/shares\n"
			 "cpu cpu.cfs_burst_us=1000 @/cpu/burst\n"
			 "cpu cpu.rt_period_us=1000000 @/cpu/realtimePeriod\n"
			 "cpu cpu.rt_runtime_us=950000 @/cpu/realtimeRuntime\n"
			 "cpu cpu.idle=1 @/cpu/idle\n"
			 "cpuset cpuset.cpus=0-1 @/cpu/cpus\n"
			 "cpuset cpuset.mems=0 @/cpu/mems\n"
			 "pids pids.max=32 @/pids/limit\n");
	fake_free(&f);
}

TEST(the_golden_plan_of_v2)
{
	struct str_pair high = { "memory.high", "3000" };
	struct fake f;

	fake_v2_machine(&f);
	f.spec.linux.resources = everything();
	f.spec.linux.resources.memory.swappiness.set = false;
	f.spec.linux.resources.memory.disable_oom_killer.v = false;
	f.spec.linux.resources.cpu.realtime_period.v = 0;
	f.spec.linux.resources.cpu.realtime_runtime.set = false;
	f.spec.linux.resources.unified = (struct str_map){ 1, &high };
	CHECK_INT(plan_knobs(&f), 0);
	CHECK_GOLDEN(&f, "memory memory.swap.max=2000 @/memory/swap\n"
			 "memory memory.max=4000 @/memory/limit\n"
			 "cpu cpu.max=50000 100000 @/cpu/quota\n"
			 "memory memory.low=1000 @/memory/reservation\n"
			 "cpu cpu.weight=100 @/cpu/shares\n"
			 "cpu cpu.max.burst=1000 @/cpu/burst\n"
			 "cpu cpu.idle=1 @/cpu/idle\n"
			 "cpuset cpuset.cpus=0-1 @/cpu/cpus\n"
			 "cpuset cpuset.mems=0 @/cpu/mems\n"
			 "pids pids.max=32 @/pids/limit\n"
			 "memory memory.high=3000 @/unified/memory.high\n");
	fake_free(&f);
}

TEST(no_limits_need_no_controllers)
{
	struct fake f;

	fake_new(&f);
	CHECK_INT(plan_knobs(&f), 0);
	/* What engines write for "not given" is not, either. */
	f.spec.linux.resources.memory = (struct spec_memory){
		.limit = { true, 0 },
		.reservation = { true, 0 },
		.kernel = { true, 0 },
		.disable_oom_killer = { true, false },
	};
	f.spec.linux.resources.cpu = (struct spec_cpu){
		.shares = { true, 0 },
		.quota = { true, 0 },
		.cpus = "",
		.mems = "",
	};
	CHECK_INT(plan_knobs(&f), 0);
	CHECK_GOLDEN(&f, "");
	fake_free(&f);
}

TEST(unlimited_and_zero_are_different_for_pids)
{
	struct fake f;

	for (int v2 = 0; v2 < 2; v2++) {
		v2 ? fake_v2_machine(&f) : fake_v1_machine(&f);
		f.spec.linux.resources.pids = (struct spec_pids){ true, -1 };
		CHECK_INT(plan_knobs(&f), 0);
		CHECK_GOLDEN(&f, "pids pids.max=max @/pids/limit\n");
		f.spec.linux.resources.pids.limit = 0;
		CHECK_INT(plan_knobs(&f), 0);
		CHECK_GOLDEN(&f, "pids pids.max=0 @/pids/limit\n");
		fake_free(&f);
	}
}

TEST(extreme_numbers_are_written_whole)
{
	struct fake f;

	fake_v1_machine(&f);
	f.spec.linux.resources.pids = (struct spec_pids){ true, INT64_MAX };
	f.spec.linux.resources.cpu.shares = (struct opt_u64){ true, UINT64_MAX };
	f.spec.linux.resources.cpu.realtime_runtime = (struct opt_i64){ true, INT64_MIN };
	CHECK_INT(plan_knobs(&f), 0);
	CHECK_GOLDEN(&f,
		     "cpu cpu.shares=18446744073709551615 @/cpu/shares\n"
		     "cpu cpu.rt_runtime_us=-9223372036854775808 @/cpu/realtimeRuntime\n"
		     "pids pids.max=9223372036854775807 @/pids/limit\n");
	fake_free(&f);
}

TEST(what_v2_does_not_have_is_refused_not_dropped)
{
	struct fake f;

	fake_v2_machine(&f);
	f.spec.linux.resources.memory.swappiness = (struct opt_u64){ true, 0 };
	CHECK_INT(plan_knobs(&f), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/swappiness: cgroup v2 has no counterpart of "
		  "'memory.swappiness'");
	f.spec.linux.resources.memory =
		(struct spec_memory){ .disable_oom_killer = { true, true } };
	CHECK_INT(plan_knobs(&f), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/disableOOMKiller: cgroup v2 has no "
		  "counterpart of 'memory.oom_control'");
	f.spec.linux.resources.memory = (struct spec_memory){ 0 };
	f.spec.linux.resources.cpu.realtime_runtime = (struct opt_i64){ true, 1000 };
	CHECK_INT(plan_knobs(&f), -EOPNOTSUPP);
	fake_free(&f);
}

static void count_warning(void *ctx, enum log_level level, const char *text)
{
	(void)text;
	*(unsigned *)ctx += level == LOG_LEVEL_WARNING;
}

TEST(what_the_kernel_no_longer_has_is_a_warning)
{
	unsigned warnings = 0;
	struct fake f;

	fake_v2_machine(&f);
	f.spec.linux.resources.memory = (struct spec_memory){
		.use_hierarchy = { true, true },
		.kernel = { true, 100 },
		.kernel_tcp = { true, -1 },
	};
	log_set_sink(count_warning, &warnings, LOG_LEVEL_WARNING);
	CHECK_INT(plan_knobs(&f), 0);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
	CHECK_INT(warnings, 3);
	CHECK_GOLDEN(&f, "");
	fake_free(&f);
}

/* The v2 view of a machine whose controllers are on v1: the machine of the CI. */
TEST(every_knob_names_its_missing_controller)
{
	static const struct {
		const char *field, *controller;
		struct spec_resources resources;
	} cases[] = {
		{ "/memory/reservation",
		  "'memory'",
		  { .memory.reservation = { true, 1 } } },
		{ "/cpu/shares", "'cpu'", { .cpu.shares = { true, 2 } } },
		{ "/cpu/quota", "'cpu'", { .cpu.quota = { true, 2000 } } },
		{ "/cpu/period", "'cpu'", { .cpu.period = { true, 2000 } } },
		{ "/cpu/burst", "'cpu'", { .cpu.burst = { true, 2 } } },
		{ "/cpu/idle", "'cpu'", { .cpu.idle = { true, 1 } } },
		{ "/cpu/cpus", "'cpuset'", { .cpu.cpus = "0" } },
		{ "/cpu/mems", "'cpuset'", { .cpu.mems = "0" } },
		{ "/pids/limit", "'pids'", { .pids = { true, 1 } } },
	};
	struct fake f;

	fake_new(&f);
	fake_v2(&f, "hugetlb");
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		f.spec.linux.resources = cases[i].resources;
		CHECK_INT(plan_knobs(&f), -EOPNOTSUPP);
		CHECK_INT(f.e.kind, ERR_UNSUPPORTED);
		CHECK_STR(str_after(f.e.field, "/linux/resources"), cases[i].field);
		CHECK(strstr(f.e.msg, cases[i].controller));
	}
	fake_free(&f);
}
