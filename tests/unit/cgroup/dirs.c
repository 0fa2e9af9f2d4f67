/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/dirs.h"

#include "tests/unit/cgroup/fake.h"

TEST(v2_is_the_first_and_only_joined_v1_hierarchies_follow)
{
	struct cgroup_dirs d;
	struct fake f;

	fake_v1_machine(&f);
	fake_v2(&f, "");
	cgroup_dirs_of(f.h,
		       CGROUP_BIT(CGROUP_MEMORY) | CGROUP_BIT(CGROUP_PIDS) |
			       CGROUP_BIT(CGROUP_RDMA),
		       "/tare/web", &d);
	CHECK_INT(d.n, 3);
	CHECK_STR(d.v[0].name, "unified");
	CHECK_STR(d.v[1].name, "memory");
	CHECK_STR(d.v[2].name, "pids");
	CHECK_STR(d.path, "tare/web");
	CHECK(cgroup_dirs_v2(&d) == &d.v[0]);
	CHECK(cgroup_dirs_v1(&d, CGROUP_PIDS) == &d.v[2]);
	CHECK(cgroup_dirs_v1(&d, CGROUP_DEVICES) == NULL);
	fake_free(&f);
}

TEST(a_container_without_a_cgroup_has_no_directories)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	struct held held = { .cgroup_path = "" };

	CHECK_INT(cgroup_dirs_open(&held, &d, NULL), 0);
	CHECK_INT(d.n, 0);
	held.cgroup_path = NULL;
	CHECK_INT(cgroup_dirs_open(&held, &d, NULL), 0);
	CHECK_INT(d.n, 0);
}

TEST(flags_of_a_flat_file_are_found_by_their_whole_key)
{
	struct cgroup_dirs d;
	struct fake f;

	fake_v2_machine(&f);
	fake_dir(&f, "unified/x");
	fake_file(&f, "unified/x/cgroup.events", "populated 1\nfrozen 0\nfrozenness 1\n");
	cgroup_dirs_of(f.h, 0, "/x", &d);
	CHECK_INT(cgroup_flag(&d.v[0], "x", "cgroup.events", "populated"), 1);
	CHECK_INT(cgroup_flag(&d.v[0], "x", "cgroup.events", "frozen"), 0);
	CHECK_INT(cgroup_flag(&d.v[0], "x", "cgroup.events", "froze"), -ENOENT);
	CHECK_INT(cgroup_flag(&d.v[0], "y", "cgroup.events", "frozen"), -ENOENT);
	fake_free(&f);
}

TEST(paths_are_counted_and_cut_by_components)
{
	char buf[PATH_MAX];

	CHECK_INT(cgroup_depth(""), 0);
	CHECK_INT(cgroup_depth("a"), 1);
	CHECK_INT(cgroup_depth("a/bb/c"), 3);
	CHECK(cgroup_prefix("a/bb/c", 0, buf) >= 0);
	CHECK_STR(buf, "");
	CHECK(cgroup_prefix("a/bb/c", 2, buf) >= 0);
	CHECK_STR(buf, "a/bb");
	CHECK(cgroup_prefix("a/bb/c", 3, buf) >= 0);
	CHECK_STR(buf, "a/bb/c");
}
