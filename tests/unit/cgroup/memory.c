/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/memory.h"

#include "tests/unit/cgroup/fake.h"

#define UNSET INT64_MIN

static struct opt_i64 opt(int64_t v)
{
	return v == UNSET ? (struct opt_i64){ 0 } : (struct opt_i64){ true, v };
}

static int plan_memory(struct fake *f, int64_t limit, int64_t swap)
{
	struct spec_memory *m = &f->spec.linux.resources.memory;
	int r;

	*m = (struct spec_memory){ .limit = opt(limit), .swap = opt(swap) };
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	f->e = (struct err){ 0 };
	r = memory_check(&f->spec, &f->e);
	return r < 0 ? r : memory_plan(&f->spec, f->h, &f->plan, &f->e);
}

TEST(v1_counts_memory_and_swap_together)
{
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_memory(&f, 1000, 3000), 0);
	CHECK_GOLDEN(&f, "memory memory.limit_in_bytes=1000 @/memory/limit +next\n"
			 "memory memory.memsw.limit_in_bytes=3000 @/memory/swap\n");
	CHECK_INT(plan_memory(&f, 1000, UNSET), 0);
	CHECK_GOLDEN(&f, "memory memory.limit_in_bytes=1000 @/memory/limit\n");
	CHECK_INT(plan_memory(&f, 1000, -1), 0);
	CHECK_GOLDEN(&f, "memory memory.limit_in_bytes=1000 @/memory/limit +next\n"
			 "memory memory.memsw.limit_in_bytes=-1 @/memory/swap ~ENOENT\n");
	fake_free(&f);
}

TEST(v2_counts_swap_alone)
{
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan_memory(&f, 1000, 3000), 0);
	CHECK_GOLDEN(&f, "memory memory.swap.max=2000 @/memory/swap\n"
			 "memory memory.max=1000 @/memory/limit\n");
	CHECK_INT(plan_memory(&f, 1000, 1000), 0);
	CHECK_GOLDEN(&f, "memory memory.swap.max=0 @/memory/swap ~ENOENT\n"
			 "memory memory.max=1000 @/memory/limit\n");
	CHECK_INT(plan_memory(&f, 1000, -1), 0);
	CHECK_GOLDEN(&f, "memory memory.swap.max=max @/memory/swap ~ENOENT\n"
			 "memory memory.max=1000 @/memory/limit\n");
	CHECK_INT(plan_memory(&f, 1000, UNSET), 0);
	CHECK_GOLDEN(&f, "memory memory.max=1000 @/memory/limit\n");
	fake_free(&f);
}

TEST(no_limit_of_memory_is_no_limit_of_swap_unless_one_is_given)
{
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan_memory(&f, -1, UNSET), 0);
	CHECK_GOLDEN(&f, "memory memory.swap.max=max @/memory/swap ~ENOENT\n"
			 "memory memory.max=max @/memory/limit\n");
	fake_free(&f);
	fake_v1_machine(&f);
	CHECK_INT(plan_memory(&f, -1, 0), 0);
	CHECK_GOLDEN(&f, "memory memory.limit_in_bytes=-1 @/memory/limit +next\n"
			 "memory memory.memsw.limit_in_bytes=-1 @/memory/swap ~ENOENT\n");
	fake_free(&f);
}

TEST(zero_means_not_given)
{
	struct fake f;

	fake_new(&f); /* not even a controller is needed */
	CHECK_INT(plan_memory(&f, 0, 0), 0);
	CHECK_INT(plan_memory(&f, UNSET, 0), 0);
	CHECK_GOLDEN(&f, "");
	fake_free(&f);
}

TEST(limits_that_contradict_each_other_are_refused)
{
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan_memory(&f, 3000, 1000), -EINVAL);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/swap: 1000 bytes of memory and swap are "
		  "less than the 3000 of memory alone");
	CHECK_INT(plan_memory(&f, UNSET, 1000), -EINVAL);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/swap: a limit of memory and swap needs "
		  "one of memory");
	CHECK_INT(plan_memory(&f, -1, 1000), -EINVAL);
	CHECK_INT(plan_memory(&f, -2, UNSET), -EINVAL);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/limit: -2 is no limit: bytes, or -1 for none");
	CHECK_INT(plan_memory(&f, 1000, -5), -EINVAL);
	fake_free(&f);
}

TEST(a_missing_controller_is_named_with_file_and_field)
{
	struct fake f;

	fake_new(&f);
	fake_v2(&f, "cpu hugetlb");
	CHECK_INT(plan_memory(&f, 1000, UNSET), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/limit: the 'memory' controller is not "
		  "available, so 'memory.max' cannot be set");
	CHECK(strstr(f.e.hint, "cgroup.controllers"));
	fake_free(&f);
	fake_new(&f);
	fake_v1(&f, "cpu");
	CHECK_INT(plan_memory(&f, 1000, 2000), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/memory/limit: the 'memory' controller is not "
		  "available, so 'memory.limit_in_bytes' cannot be set");
	fake_free(&f);
}

static int check_usage(struct fake *f, bool v2, int64_t limit, bool before_update)
{
	f->e = (struct err){ 0 };
	f->spec.linux.resources.memory = (struct spec_memory){
		.limit = opt(limit),
		.check_before_update = before_update,
	};
	return memory_check_usage(&f->spec, v2 ? f->h->v2_fd : f->h->v1[CGROUP_MEMORY].fd,
				  "tare/web", v2, &f->e);
}

TEST(a_limit_below_the_usage_is_refused_where_the_config_asks_for_it)
{
	struct fake f;

	fake_v1_machine(&f);
	fake_v2(&f, "");
	fake_dir(&f, "memory/tare/web");
	fake_dir(&f, "unified/tare/web");
	fake_file(&f, "memory/tare/web/memory.usage_in_bytes", "2000\n");
	fake_file(&f, "unified/tare/web/memory.current", "2000\n");
	for (int v2 = 0; v2 < 2; v2++) {
		CHECK_INT(check_usage(&f, v2, 1000, false), 0);
		CHECK_INT(check_usage(&f, v2, -1, true), 0);
		CHECK_INT(check_usage(&f, v2, 2000, true), 0);
		CHECK_INT(check_usage(&f, v2, 1999, true), -EBUSY);
		CHECK_STR(fake_error(&f),
			  "/linux/resources/memory/limit: 2000 bytes are in use, more "
			  "than the new limit of 1999");
	}
	fake_file(&f, "unified/tare/web/memory.current", "many\n");
	CHECK_INT(check_usage(&f, true, 1000, true), -EINVAL);
	fake_free(&f);
}
