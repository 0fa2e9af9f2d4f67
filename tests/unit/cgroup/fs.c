/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/fs.h"

#include "cgroup/dirs.h"
#include "tests/unit/cgroup/fake.h"

#define JOINED (CGROUP_BIT(CGROUP_MEMORY) | CGROUP_BIT(CGROUP_PIDS))

static void machine(struct fake *f, const char *path, struct cgroup_dirs *d)
{
	fake_v1_machine(f);
	fake_v2(f, "");
	cgroup_dirs_of(f->h, JOINED, path, d);
}

static const char *survey(struct fake *f, const struct cgroup_dirs *d)
{
	const char *made = NULL;

	f->e = (struct err){ 0 };
	return fs_survey(d, &f->plan, &made, &f->e) < 0 ? fake_error(f) : made;
}

TEST(parents_that_are_missing_are_noted_for_each_hierarchy)
{
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b/c", &d);
	CHECK_STR(survey(&f, &d), "unified=0,memory=0,pids=0");
	fake_dir(&f, "memory/a/b");
	fake_dir(&f, "unified/a");
	CHECK_STR(survey(&f, &d), "unified=1,pids=0");
	fake_dir(&f, "memory/a/b/c");
	fake_dir(&f, "unified/a/b/c");
	fake_dir(&f, "pids/a/b/c");
	CHECK_STR(survey(&f, &d), "");
	fake_free(&f);
}

TEST(the_default_parent_is_not_even_looked_for)
{
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/tare/web", &d);
	CHECK_STR(survey(&f, &d), "");
	cgroup_dirs_of(f.h, JOINED, "/web", &d);
	CHECK_STR(survey(&f, &d), "");
	fake_free(&f);
}

TEST(a_cgroup_with_processes_or_a_frozen_one_is_refused)
{
	char want[PATH_MAX + 64];
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b", &d);
	fake_dir(&f, "memory/a/b/sub");
	fake_file(&f, "memory/a/b/cgroup.procs", "");
	fake_file(&f, "memory/a/b/sub/cgroup.procs", "41\n40\n");
	CHECK(str_format(want, sizeof(want),
			 "cgroup '%s/memory/a/b' already has processes: 40 and others",
			 f.root) > 0);
	CHECK_STR(survey(&f, &d), want);
	CHECK_INT(f.e.kind, ERR_STATE);
	fake_file(&f, "memory/a/b/sub/cgroup.procs", "");
	CHECK_STR(survey(&f, &d), "unified=0,pids=0");

	fake_dir(&f, "unified/a/b");
	fake_file(&f, "unified/a/b/cgroup.events", "populated 0\nfrozen 1\n");
	CHECK_STR(survey(&f, &d), "cgroup '/a/b' is frozen, or one above it is");
	fake_file(&f, "unified/a/b/cgroup.events", "populated 0\nfrozen 0\n");
	CHECK_STR(survey(&f, &d), "pids=0");
	fake_free(&f);
}

TEST(a_frozen_v1_cgroup_is_refused)
{
	struct cgroup_dirs d;
	struct fake f;

	fake_v1_machine(&f);
	cgroup_dirs_of(f.h, CGROUP_BIT(CGROUP_FREEZER), "/a", &d);
	fake_dir(&f, "freezer/a");
	fake_file(&f, "freezer/a/freezer.state", "FREEZING\n");
	CHECK_INT(fs_check_usable(&d, &f.e), -EBUSY);
	fake_file(&f, "freezer/a/freezer.state", "THAWED\n");
	CHECK_INT(fs_check_usable(&d, &f.e), 0);
	fake_free(&f);
}

TEST(directories_are_made_in_every_joined_hierarchy_only)
{
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b/c", &d);
	CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
	CHECK(fake_exists(&f, "memory/a/b/c") && fake_exists(&f, "pids/a/b/c") &&
	      fake_exists(&f, "unified/a/b/c"));
	CHECK(!fake_exists(&f, "cpuset/a") && !fake_exists(&f, "devices/a"));
	CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
	fake_free(&f);
}

TEST(what_cannot_be_made_is_named)
{
	char want[PATH_MAX + 64];
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b", &d);
	fake_file(&f, "memory/a", "");
	CHECK_INT(fs_make(&d, &f.plan, &f.e), -ENOTDIR);
	CHECK(str_format(want, sizeof(want), "mkdir '%s/memory/a/b': ENOTDIR", f.root) >
	      0);
	CHECK_STR(fake_error(&f), want);
	fake_free(&f);
}

TEST(removal_takes_what_is_below_and_the_parents_that_were_made)
{
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b/c", &d);
	fake_dir(&f, "memory/a");
	CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
	fake_dir(&f, "memory/a/b/c/sub/sub");
	fake_dir(&f, "memory/a/b/c/sub2");
	fake_dir(&f, "pids/a/other");
	CHECK_INT(fs_remove(&d, "unified=0,memory=1,pids=0", &f.e), 0);
	CHECK(!fake_exists(&f, "unified/a"));
	CHECK(fake_exists(&f, "memory/a") && !fake_exists(&f, "memory/a/b"));
	CHECK(fake_exists(&f, "pids/a/other") && !fake_exists(&f, "pids/a/b"));
	/* Nothing there is success, however often. */
	CHECK_INT(fs_remove(&d, "unified=0,memory=1,pids=0", &f.e), 0);
	fake_free(&f);
}

TEST(parents_of_others_stay_even_when_empty)
{
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/pod/c", &d);
	CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
	CHECK_INT(fs_remove(&d, "unified=0", &f.e), 0);
	CHECK(!fake_exists(&f, "unified/pod"));
	CHECK(fake_exists(&f, "memory/pod") && !fake_exists(&f, "memory/pod/c"));
	CHECK(fake_exists(&f, "pids/pod"));
	fake_free(&f);
}

TEST(the_default_parent_goes_with_its_last_container)
{
	struct cgroup_dirs d, other;
	struct fake f;

	machine(&f, "/tare/one", &d);
	cgroup_dirs_of(f.h, JOINED, "/tare/two", &other);
	CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
	CHECK_INT(fs_make(&other, &f.plan, &f.e), 0);
	CHECK_INT(fs_remove(&d, "", &f.e), 0);
	CHECK(fake_exists(&f, "memory/tare/two"));
	CHECK_INT(fs_remove(&other, NULL, &f.e), 0);
	CHECK(!fake_exists(&f, "memory/tare") && !fake_exists(&f, "unified/tare"));
	fake_free(&f);
}

TEST(a_made_list_that_makes_no_sense_removes_no_parent)
{
	static const char *const lists[] = { "memory",         "memory=",   "memory=x",
					     "memory=9",       "memory=-1", ",,=,",
					     "mem=0,memoryy=0" };
	struct cgroup_dirs d;
	struct fake f;

	machine(&f, "/a/b", &d);
	for (size_t i = 0; i < N_ELEMENTS(lists); i++) {
		CHECK_INT(fs_make(&d, &f.plan, &f.e), 0);
		CHECK_INT(fs_remove(&d, lists[i], &f.e), 0);
		CHECK(fake_exists(&f, "memory/a"));
	}
	fake_free(&f);
}
