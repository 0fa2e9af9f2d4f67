/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/cgroup.h"

#include "cgroup/knobs.h"
#include "tests/unit/cgroup/fake.h"

static void machine(struct fake *f)
{
	fake_v1_machine(f);
	fake_v2(f, "hugetlb");
	fake_dir(f, "memory/x");
	fake_dir(f, "devices/x");
	fake_dir(f, "unified/x");
	f->held.cgroup = f->h;
	f->held.cgroup_path = "/x";
	f->held.cgroup_v1_joined = CGROUP_BIT(CGROUP_MEMORY) | CGROUP_BIT(CGROUP_DEVICES);
}

TEST(each_value_goes_to_the_hierarchy_of_its_controller)
{
	struct fake f;

	machine(&f);
	fake_file(&f, "memory/x/memory.limit_in_bytes", "");
	fake_file(&f, "unified/x/hugetlb.2MB.max", "");
	fake_file(&f, "unified/x/cgroup.max.depth", "");
	knobs_add(&f.plan, "memory", "memory.limit_in_bytes", "4000", "/m");
	knobs_add(&f.plan, "hugetlb", "hugetlb.2MB.max", "0", "/h");
	knobs_add(&f.plan, "cgroup", "cgroup.max.depth", "2", "/c");
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), 0);
	CHECK_STR(fake_read(&f, "memory/x/memory.limit_in_bytes"), "4000");
	CHECK_STR(fake_read(&f, "unified/x/hugetlb.2MB.max"), "0");
	CHECK_STR(fake_read(&f, "unified/x/cgroup.max.depth"), "2");
	fake_free(&f);
}

TEST(every_device_rule_is_a_write_of_its_own_in_order)
{
	struct fake f;

	machine(&f);
	fake_file(&f, "devices/x/devices.deny", "");
	fake_file(&f, "devices/x/devices.allow", "");
	knobs_add(&f.plan, "devices", "devices.deny", "a", "/d");
	knobs_add(&f.plan, "devices", "devices.allow", "c 1:3 rwm", "/d");
	knobs_add(&f.plan, "devices", "devices.allow", "c 1:5 r", "/d");
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), 0);
	CHECK_STR(fake_read(&f, "devices/x/devices.deny"), "a");
	CHECK_STR(fake_read(&f, "devices/x/devices.allow"), "c 1:3 rwmc 1:5 r");
	fake_free(&f);
}

TEST(a_refused_value_is_named_with_controller_file_and_field)
{
	char want[PATH_MAX + 256];
	struct fake f;

	machine(&f);
	knobs_add(&f.plan, "memory", "memory.new", "7", "/linux/resources/memory/new");
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), -ENOENT);
	CHECK(str_format(
		      want, sizeof(want),
		      "/linux/resources/memory/new: the 'memory' controller refused '7' (write "
		      "'%s/memory/x/memory.new': ENOENT)",
		      f.root) > 0);
	CHECK_STR(fake_error(&f), want);
	CHECK_STR(f.e.hint, "this kernel's 'memory' controller has no such file");
	fake_free(&f);
}

TEST(an_expected_failure_is_none)
{
	struct fake f;

	machine(&f);
	knobs_add(&f.plan, "memory", "memory.memsw.limit_in_bytes", "-1", "/m")
		->tolerate = ENOENT;
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), 0);
	knobs_add(&f.plan, "memory", "memory.other", "-1", "/m")->tolerate = EPERM;
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), -ENOENT);
	fake_free(&f);
}

TEST(without_a_cgroup_nothing_is_written)
{
	struct fake f;

	machine(&f);
	f.held.cgroup_path = "";
	knobs_add(&f.plan, "memory", "memory.new", "7", "/m");
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), 0);
	fake_free(&f);
}
