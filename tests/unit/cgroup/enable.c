/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/enable.h"

#include "cgroup/dirs.h"
#include "cgroup/knobs.h"
#include "tests/unit/cgroup/fake.h"

static int enable(struct fake *f, const char *path)
{
	struct cgroup_dirs d;

	f->e = (struct err){ 0 };
	cgroup_dirs_of(f->h, 0, path, &d);
	return controllers_enable(&d.v[0], d.path, &f->plan, &f->e);
}

static void machine(struct fake *f, const char *controllers)
{
	fake_new(f);
	fake_v2(f, controllers);
	fake_file(f, "unified/cgroup.subtree_control", "");
	fake_dir(f, "unified/a/b");
	fake_file(f, "unified/a/cgroup.subtree_control", "");
}

TEST(every_level_above_the_cgroup_hands_down_what_there_is)
{
	struct fake f;

	machine(&f, "cpu io memory");
	knobs_add(&f.plan, "memory", "memory.max", "1", "/linux/resources/memory/limit");
	CHECK_INT(enable(&f, "/a/b"), 0);
	CHECK_STR(fake_read(&f, "unified/cgroup.subtree_control"), "+memory +cpu +io");
	CHECK_STR(fake_read(&f, "unified/a/cgroup.subtree_control"), "+memory +cpu +io");
	CHECK(!fake_exists(&f, "unified/a/b/cgroup.subtree_control"));
	fake_free(&f);
}

TEST(only_what_is_missing_is_written)
{
	struct fake f;

	machine(&f, "cpu io memory");
	fake_file(&f, "unified/cgroup.subtree_control", "cpu io memory\n");
	fake_file(&f, "unified/a/cgroup.subtree_control", "memory\n");
	CHECK_INT(enable(&f, "/a/b"), 0);
	CHECK_STR(fake_read(&f, "unified/cgroup.subtree_control"), "cpu io memory");
	CHECK_STR(fake_read(&f, "unified/a/cgroup.subtree_control"), "+cpu +io");
	fake_free(&f);
}

TEST(a_parent_that_has_them_all_is_one_read)
{
	struct fake f;

	machine(&f, "cpu memory");
	/* Would be an error if it were looked at. */
	CHECK_INT(unlinkat(f.h->v2_fd, "cgroup.subtree_control", 0), 0);
	fake_file(&f, "unified/a/cgroup.subtree_control", "cpu memory\n");
	CHECK_INT(enable(&f, "/a/b"), 0);
	fake_free(&f);
}

TEST(a_hybrid_host_enables_only_what_is_asked_for)
{
	struct fake f;

	machine(&f, "hugetlb misc");
	fake_v1(&f, "memory");
	CHECK_INT(enable(&f, "/a/b"), 0);
	CHECK_STR(fake_read(&f, "unified/cgroup.subtree_control"), "");
	knobs_add(&f.plan, "hugetlb", "hugetlb.2MB.max", "1", "/x");
	CHECK_INT(enable(&f, "/a/b"), 0);
	CHECK_STR(fake_read(&f, "unified/cgroup.subtree_control"), "+hugetlb");
	fake_free(&f);
}

TEST(without_controllers_nothing_is_looked_at)
{
	struct fake f;

	fake_v1_machine(&f);
	fake_v2(&f, "");
	knobs_add(&f.plan, "memory", "memory.limit_in_bytes", "1", "/x");
	knobs_add(&f.plan, "cgroup", "cgroup.max.depth", "1", "/x");
	CHECK_INT(enable(&f, "/a/b"), 0);
	fake_free(&f);
}

TEST(a_parent_that_has_gone_is_reported_as_such)
{
	struct fake f;

	machine(&f, "cpu");
	CHECK_INT(enable(&f, "/gone/b"), -ENOENT);
	fake_free(&f);
}

/* A file that can be read and refuses every write, whoever writes. */
TEST(where_it_stops_is_named_if_the_config_needs_the_controller)
{
	char path[PATH_MAX], want[PATH_MAX + 256];
	struct fake f;
	int r;

	machine(&f, "cpu memory");
	CHECK_INT(unlinkat(f.h->v2_fd, "a/cgroup.subtree_control", 0), 0);
	CHECK_INT(symlinkat("/proc/version", f.h->v2_fd, "a/cgroup.subtree_control"), 0);
	CHECK_INT(enable(&f, "/a/b"), 0);
	knobs_add(&f.plan, "memory", "memory.max", "1", "/linux/resources/memory/limit");
	r = enable(&f, "/a/b");
	CHECK(r == -EIO || r == -EACCES); /* of root; of others */
	CHECK(str_format(
		      want, sizeof(want),
		      "/linux/resources/memory/limit: the 'memory' controller cannot be enabled "
		      "(write '%s': %s)",
		      fake_path(&f, "unified/a/cgroup.subtree_control", path),
		      err_name(r)) > 0);
	CHECK_STR(fake_error(&f), want);
	fake_free(&f);
}
