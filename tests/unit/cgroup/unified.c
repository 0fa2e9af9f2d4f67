/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/unified.h"

#include "tests/unit/cgroup/fake.h"

static int plan_unified(struct fake *f, const char *key, const char *value)
{
	struct str_pair pair = { key, value };
	int r;

	f->spec.linux.resources.unified = (struct str_map){ 1, &pair };
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	f->e = (struct err){ 0 };
	r = unified_check(&f->spec, &f->e);
	return r < 0 ? r : unified_plan(&f->spec, f->h, &f->plan, &f->e);
}

TEST(values_are_written_as_they_are_line_by_line)
{
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan_unified(&f, "memory.high", "max"), 0);
	CHECK_GOLDEN(&f, "memory memory.high=max @/unified/memory.high\n");
	CHECK_INT(plan_unified(&f, "io.max", "8:0 rbps=1\n\n8:16 wbps=2\n"), 0);
	CHECK_GOLDEN(&f, "io io.max=8:0 rbps=1 @/unified/io.max\n"
			 "io io.max=8:16 wbps=2 @/unified/io.max\n");
	CHECK_INT(plan_unified(&f, "cpuset.cpus", ""), 0);
	CHECK_GOLDEN(&f, "cpuset cpuset.cpus=\n @/unified/cpuset.cpus\n");
	fake_free(&f);
}

TEST(unknown_files_of_a_controller_and_of_the_core_are_written_too)
{
	struct fake f;

	fake_new(&f);
	fake_v2(&f, "memory brandnew");
	CHECK_INT(plan_unified(&f, "memory.not_yet_invented", "1"), 0);
	CHECK_INT(plan_unified(&f, "brandnew.max", "1"), 0);
	CHECK_GOLDEN(&f, "brandnew brandnew.max=1 @/unified/brandnew.max\n");
	CHECK_INT(plan_unified(&f, "cgroup.max.depth", "3"), 0);
	CHECK_GOLDEN(&f, "cgroup cgroup.max.depth=3 @/unified/cgroup.max.depth\n");
	fake_free(&f);
}

TEST(files_that_manage_processes_are_refused)
{
	static const char *const keys[] = { "cgroup.procs", "cgroup.threads",
					    "cgroup.kill",  "cgroup.freeze",
					    "cgroup.type",  "cgroup.subtree_control" };
	struct fake f;

	fake_v2_machine(&f);
	for (size_t i = 0; i < N_ELEMENTS(keys); i++) {
		CHECK_INT(plan_unified(&f, keys[i], "1"), -EINVAL);
		CHECK_INT(f.plan.cgroup.n_writes, 0);
	}
	CHECK_STR(fake_error(&f),
		  "/linux/resources/unified/cgroup.subtree_control: "
		  "'cgroup.subtree_control' cannot be written: it is how processes "
		  "are managed");
	fake_free(&f);
}

TEST(what_is_no_name_of_a_cgroup_file_is_refused)
{
	static const char *const keys[] = { "",
					    "memory",
					    ".",
					    "memory.",
					    ".max",
					    "memory.max\n",
					    "a/b.max",
					    "../x.max",
					    "memory.max/../../x",
					    "memory. max",
					    "cgroup.procs\n" };
	struct fake f;

	fake_v2_machine(&f);
	for (size_t i = 0; i < N_ELEMENTS(keys); i++)
		CHECK_INT(plan_unified(&f, keys[i], "1"), -EINVAL);
	CHECK_INT(plan_unified(&f, "a/b.max", "1"), -EINVAL);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/unified/a~1b.max: 'a/b.max' is not the name of a "
		  "cgroup file: CONTROLLER.NAME");
	fake_free(&f);
}

TEST(a_controller_that_v2_does_not_have_is_named)
{
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_unified(&f, "memory.max", "1"), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/unified/memory.max: 'memory.max' is a file of "
		  "cgroup v2, which is not mounted here");
	fake_v2(&f, "hugetlb");
	CHECK_INT(plan_unified(&f, "memory.max", "1"), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/unified/memory.max: the 'memory' controller is not "
		  "available on cgroup v2, so 'memory.max' cannot be set");
	CHECK_INT(plan_unified(&f, "hugetlb.2MB.max", "0"), 0);
	fake_free(&f);
}
