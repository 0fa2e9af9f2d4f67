/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/stats.h"

#include "cgroup/cgroup.h"
#include "cgroup/dirs.h"
#include "tests/unit/cgroup/fake.h"

static void populate(struct fake *f)
{
	fake_v1_machine(f);
	fake_v2(f, "");
	fake_dir(f, "unified/x/sub/sub");
	fake_dir(f, "memory/x/other");
	fake_file(f, "unified/x/cgroup.procs", "30\n7\n0\n30\n");
	fake_file(f, "unified/x/sub/cgroup.procs", "");
	fake_file(f, "unified/x/sub/sub/cgroup.procs", "4194304\n");
	fake_file(f, "memory/x/cgroup.procs", "7\n");
	fake_file(f, "memory/x/other/cgroup.procs", "8");
	f->held.cgroup = f->h;
	f->held.cgroup_path = "/x";
	f->held.cgroup_v1_joined = CGROUP_BIT(CGROUP_MEMORY) | CGROUP_BIT(CGROUP_PIDS);
}

TEST(pids_of_all_hierarchies_and_cgroups_below_are_listed_once_and_sorted)
{
	static const pid_t want[] = { 7, 8, 30, 4194304 };
	pid_t *pids = NULL;
	size_t n = 0;
	struct fake f;

	populate(&f);
	CHECK_INT(cgroup_pids(&f.held, &pids, &n, &f.e), 0);
	CHECK_INT(n, N_ELEMENTS(want));
	CHECK(n == N_ELEMENTS(want) && memcmp(pids, want, sizeof(want)) == 0);
	CHECK_INT(cgroup_is_empty(&f.held, &f.e), 0);
	free(pids);
	fake_free(&f);
}

/* A process of another pid namespace is shown as 0, which kill() takes for a group. */
TEST(pid_zero_is_nobody)
{
	struct pid_list pids = { 0 };
	struct cgroup_dirs d;
	struct fake f;

	fake_v2_machine(&f);
	fake_dir(&f, "unified/x");
	fake_file(&f, "unified/x/cgroup.procs", "0\n0\n");
	cgroup_dirs_of(f.h, 0, "/x", &d);
	CHECK_INT(pids_in(&d.v[0], "x", &pids), 0);
	CHECK_INT(pids.n, 0);
	CHECK(!pids_have(&pids, 0));
	free(pids.v);
	fake_free(&f);
}

TEST(a_cgroup_that_is_gone_is_empty)
{
	pid_t *pids = NULL;
	size_t n = 1;
	struct fake f;

	fake_v2_machine(&f);
	f.held.cgroup = f.h;
	f.held.cgroup_path = "/gone";
	CHECK_INT(cgroup_is_empty(&f.held, &f.e), 1);
	CHECK_INT(cgroup_pids(&f.held, &pids, &n, &f.e), 0);
	CHECK_INT(n, 0);
	free(pids);
	fake_free(&f);
}

TEST(what_is_no_pid_is_an_error_not_a_guess)
{
	pid_t *pids = NULL;
	size_t n;
	struct fake f;

	fake_v2_machine(&f);
	fake_dir(&f, "unified/x");
	fake_file(&f, "unified/x/cgroup.procs", "12\nfoo\n");
	f.held.cgroup = f.h;
	f.held.cgroup_path = "/x";
	CHECK_INT(cgroup_pids(&f.held, &pids, &n, &f.e), -EINVAL);
	CHECK(strstr(fake_error(&f), "unified/x/cgroup.procs"));
	fake_free(&f);
}

TEST(many_pids_are_kept)
{
	struct pid_list pids = { 0 };
	autostr struct str text = { 0 };
	struct cgroup_dirs d;
	struct fake f;

	for (int i = 5000; i > 0; i--)
		str_addf(&text, "%d\n", i);
	fake_v2_machine(&f);
	fake_dir(&f, "unified/x");
	fake_file(&f, "unified/x/cgroup.procs", str_text(&text));
	cgroup_dirs_of(f.h, 0, "/x", &d);
	CHECK_INT(pids_in(&d.v[0], "x", &pids), 0);
	CHECK_INT(pids.n, 5000);
	CHECK(pids_have(&pids, 1) && pids_have(&pids, 2500) && pids_have(&pids, 5000));
	CHECK(!pids_have(&pids, 5001));
	free(pids.v);
	fake_free(&f);
}
