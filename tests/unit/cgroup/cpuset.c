/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/cpuset.h"

#include "cgroup/dirs.h"
#include "tests/unit/cgroup/fake.h"

static void level(struct fake *f, const char *path, const char *cpus, const char *mems)
{
	char file[PATH_MAX];

	fake_dir(f, path);
	CHECK(str_format(file, sizeof(file), "%s/cpuset.cpus", path) > 0);
	fake_file(f, file, cpus);
	CHECK(str_format(file, sizeof(file), "%s/cpuset.mems", path) > 0);
	fake_file(f, file, mems);
}

static int seed(struct fake *f)
{
	struct cgroup_dirs d;

	cgroup_dirs_of(f->h, CGROUP_BIT(CGROUP_CPUSET), "/a/b", &d);
	return cpuset_seed(&d.v[0], d.path, &f->e);
}

TEST(empty_cpusets_get_what_their_parent_has)
{
	struct fake f;

	fake_v1_machine(&f);
	level(&f, "cpuset", "0-3\n", "0\n");
	level(&f, "cpuset/a", "\n", "\n");
	level(&f, "cpuset/a/b", "\n", "\n");
	CHECK_INT(seed(&f), 0);
	CHECK_STR(fake_read(&f, "cpuset/a/cpuset.cpus"), "0-3");
	CHECK_STR(fake_read(&f, "cpuset/a/b/cpuset.cpus"), "0-3");
	CHECK_STR(fake_read(&f, "cpuset/a/b/cpuset.mems"), "0");
	fake_free(&f);
}

TEST(what_was_set_before_stays)
{
	struct fake f;

	fake_v1_machine(&f);
	level(&f, "cpuset", "0-3\n", "0\n");
	level(&f, "cpuset/a", "2\n", "\n");
	level(&f, "cpuset/a/b", "\n", "\n");
	CHECK_INT(seed(&f), 0);
	CHECK_STR(fake_read(&f, "cpuset/a/cpuset.cpus"), "2");
	CHECK_STR(fake_read(&f, "cpuset/a/b/cpuset.cpus"), "2");
	CHECK_STR(fake_read(&f, "cpuset/a/b/cpuset.mems"), "0");
	fake_free(&f);
}

TEST(a_missing_file_is_named)
{
	struct fake f;

	fake_v1_machine(&f);
	level(&f, "cpuset", "0-3\n", "0\n");
	fake_dir(&f, "cpuset/a");
	CHECK_INT(seed(&f), -ENOENT);
	CHECK(strstr(fake_error(&f), "cpuset/a/cpuset.cpus': ENOENT"));
	fake_free(&f);
}
