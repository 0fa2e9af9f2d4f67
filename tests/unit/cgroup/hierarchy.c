/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/cgroup/fake.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <sched.h>

#include "kernel/compat.h"

TEST(names_lead_to_controllers_and_back)
{
	CHECK_INT(controller_by_name("cpu"), CGROUP_CPU);
	CHECK_INT(controller_by_name("cpuacct"), CGROUP_CPUACCT);
	CHECK_INT(controller_by_name("io"), CGROUP_BLKIO);
	CHECK_INT(controller_by_name("blkio"), CGROUP_BLKIO);
	CHECK_INT(controller_by_name("cp"), CGROUP_CONTROLLERS);
	CHECK_INT(controller_by_name(""), CGROUP_CONTROLLERS);
	CHECK_STR(controller_v2_name(CGROUP_BLKIO), "io");
	for (int c = 0; c < CGROUP_CONTROLLERS; c++)
		CHECK_INT(controller_by_name(controller_name((enum cgroup_controller)c)),
			  c);
}

TEST(a_controller_is_a_whole_word_of_cgroup_controllers)
{
	CHECK(controllers_have("cpuset cpu io", "cpu"));
	CHECK(controllers_have("cpuset cpu io", "cpuset"));
	CHECK(controllers_have("cpuset cpu io\n", "io"));
	CHECK(!controllers_have("cpuset io", "cpu"));
	CHECK(!controllers_have("", "cpu"));
}

TEST(controllers_that_are_mounted_together_share_the_slot_of_the_first)
{
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(f.h->layout, CGROUP_LAYOUT_V1);
	CHECK(hierarchy_v1(f.h, CGROUP_CPUACCT) == hierarchy_v1(f.h, CGROUP_CPU));
	CHECK(hierarchy_v1(f.h, CGROUP_CPU) == &f.h->v1[CGROUP_CPU]);
	CHECK(f.h->v1[CGROUP_CPUACCT].path == NULL);
	CHECK(hierarchy_v1(f.h, CGROUP_RDMA) == NULL);
	fake_v2(&f, "hugetlb");
	CHECK_INT(f.h->layout, CGROUP_LAYOUT_HYBRID);
	CHECK(hierarchy_has_v2(f.h, "hugetlb") && !hierarchy_has_v2(f.h, "memory"));
	fake_free(&f);
}

TEST(without_any_cgroup_mount_the_layout_is_none)
{
	struct fake f;
	struct cgroup_hierarchy *h = NULL;

	fake_new(&f);
	fake_dir(&f, "sys/fs/cgroup/memory");
	fake_dir(&f, "proc/self");
	fake_file(&f, "proc/self/cgroup", "4:memory:/\n0::/\n");
	fake_file(&f, "proc/self/mountinfo",
		  "20 1 0:20 / /sys rw - sysfs sysfs rw\n"
		  "31 20 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n");
	CHECK_INT(hierarchy_probe_at(f.root, CGROUP_ALL, &h, &f.e), 0);
	CHECK_INT(h->layout, CGROUP_LAYOUT_NONE);
	CHECK(h->v2_fd < 0 && !h->v2_path);
	hierarchy_free(h);
	fake_free(&f);
}

TEST(a_kernel_without_cgroups_has_the_layout_none)
{
	struct fake f;
	struct cgroup_hierarchy *h = NULL;

	fake_new(&f);
	CHECK_INT(hierarchy_probe_at(f.root, CGROUP_ALL, &h, &f.e), 0);
	CHECK_INT(h->layout, CGROUP_LAYOUT_NONE);
	hierarchy_free(h);
	fake_free(&f);
}

/* mountinfo is believed about the type, so directories do here. */
TEST(mounts_at_unusual_places_are_found_in_mountinfo)
{
	struct fake f;
	struct cgroup_hierarchy *h = NULL;
	char path[PATH_MAX];

	fake_new(&f);
	fake_dir(&f, "odd/cpu and acct");
	fake_dir(&f, "odd/named");
	fake_dir(&f, "two");
	fake_dir(&f, "proc/self");
	fake_file(&f, "two/cgroup.controllers", "hugetlb\n");
	fake_file(&f, "proc/self/cgroup", "4:cpu,cpuacct:/\n0::/\n");
	fake_file(
		&f, "proc/self/mountinfo",
		"30 1 0:1 / / rw shared:1 - ext4 /dev/sda rw\n"
		"31 1 0:2 / /odd/cpu\\040and\\040acct rw,nosuid shared:7 master:2 - cgroup cgroup "
		"rw,cpu,cpuacct\n"
		"32 1 0:3 / /odd/named rw - cgroup systemd rw,xattr,name=systemd\n"
		"33 1 0:4 / /odd/gone rw - cgroup cgroup rw,memory\n"
		"34 1 0:5 / /odd - cgroup tricky\n"
		"35 1 0:6 / /two rw - cgroup2 cgroup2 rw\n");
	CHECK_INT(hierarchy_probe_at(f.root, CGROUP_ALL, &h, &f.e), 0);
	CHECK_STR(fake_error(&f), "");
	CHECK_INT(h->layout, CGROUP_LAYOUT_HYBRID);
	CHECK_STR(h->v1[CGROUP_CPU].path, fake_path(&f, "odd/cpu and acct", path));
	CHECK_STR(h->v1[CGROUP_CPU].controllers, "cpu,cpuacct");
	CHECK_STR(h->v1[CGROUP_SYSTEMD].path, fake_path(&f, "odd/named", path));
	CHECK(hierarchy_v1(h, CGROUP_MEMORY) == NULL);
	CHECK_STR(h->v2_controllers, "hugetlb");
	hierarchy_free(h);
	fake_free(&f);
}

/* A child in a mount namespace of its own reports by its exit code. */
static int in_mount_namespace(int (*body)(struct fake *f), struct fake *f)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
		    mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
			_exit(100);
		_exit(body(f));
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
								    : 200;
}

static bool mount_at(struct fake *f, const char *dir, const char *type, const char *data)
{
	char path[PATH_MAX];

	return mount("none", fake_path(f, dir, path), type, 0, data) == 0;
}

static int probe_pure_v2(struct fake *f)
{
	struct cgroup_hierarchy *h = NULL;
	char path[PATH_MAX];

	if (!mount_at(f, "sys/fs/cgroup", "cgroup2", NULL))
		return 1;
	if (hierarchy_probe_at(f->root, CGROUP_ALL, &h, NULL) < 0)
		return 2;
	if (h->layout != CGROUP_LAYOUT_V2 || h->v2_fd < 0)
		return 3;
	if (!str_eq(h->v2_path, fake_path(f, "sys/fs/cgroup", path)))
		return 4;
	hierarchy_free(h);
	if (hierarchy_probe_at(f->root, CGROUP_BIT(CGROUP_MEMORY), &h, NULL) < 0)
		return 5;
	return h->layout == CGROUP_LAYOUT_V2 && !h->v2_controllers[0] ? 0 : 6;
}

TEST(cgroup2_on_sys_fs_cgroup_is_pure_v2)
{
	struct fake f;

	if (geteuid() != 0)
		SKIP("mounting needs root");
	fake_new(&f);
	fake_dir(&f, "sys/fs/cgroup");
	CHECK_INT(in_mount_namespace(probe_pure_v2, &f), 0);
	fake_free(&f);
}

static bool v1_is_bound_to(const char *controller)
{
	char text[4096], line[64];

	CHECK(file_read_at(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)) > 0);
	CHECK(str_format(line, sizeof(line), ":%s:/", controller) > 0);
	return strstr(text, line) != NULL;
}

/* cpu -> cpu,cpuacct is the usual link; here a link to where freezer is mounted. */
static int probe_hybrid(struct fake *f)
{
	struct cgroup_hierarchy *h = NULL;
	uint32_t both = CGROUP_BIT(CGROUP_MEMORY) | CGROUP_BIT(CGROUP_FREEZER);
	char path[PATH_MAX];

	if (!mount_at(f, "sys/fs/cgroup", "tmpfs", "mode=755"))
		return 1;
	fake_dir(f, "sys/fs/cgroup/memory");
	fake_dir(f, "sys/fs/cgroup/elsewhere");
	fake_dir(f, "sys/fs/cgroup/pids"); /* not mounted */
	fake_dir(f, "sys/fs/cgroup/unified");
	if (symlink("elsewhere", fake_path(f, "sys/fs/cgroup/freezer", path)) < 0)
		return 2;
	if (!mount_at(f, "sys/fs/cgroup/memory", "cgroup", "memory") ||
	    !mount_at(f, "sys/fs/cgroup/elsewhere", "cgroup", "freezer") ||
	    !mount_at(f, "sys/fs/cgroup/unified", "cgroup2", NULL))
		return 3;
	if (hierarchy_probe_at(f->root, CGROUP_ALL, &h, NULL) < 0)
		return 4;
	if (h->layout != CGROUP_LAYOUT_HYBRID || !h->v2_path)
		return 5;
	if (!hierarchy_v1(h, CGROUP_MEMORY) || !hierarchy_v1(h, CGROUP_FREEZER))
		return 6;
	if (hierarchy_v1(h, CGROUP_PIDS) || hierarchy_v1(h, CGROUP_DEVICES))
		return 7;
	hierarchy_free(h);
	if (hierarchy_probe_at(f->root, both, &h, NULL) < 0)
		return 8;
	if (!hierarchy_v1(h, CGROUP_MEMORY) || !hierarchy_v1(h, CGROUP_FREEZER) ||
	    !h->v2_path)
		return 9;
	hierarchy_free(h);
	return 0;
}

TEST(v1_beside_unified_is_hybrid_and_links_are_followed)
{
	struct fake f;

	if (geteuid() != 0)
		SKIP("mounting needs root");
	if (!v1_is_bound_to("memory") || !v1_is_bound_to("freezer"))
		SKIP("memory and freezer are not v1 controllers here");
	fake_new(&f);
	fake_dir(&f, "sys/fs/cgroup");
	fake_dir(&f, "proc/self");
	fake_file(
		&f, "proc/self/cgroup",
		"9:name=systemd:/\n8:pids:/\n6:freezer:/\n5:devices:/\n4:memory:/x\n0::/\n");
	CHECK_INT(in_mount_namespace(probe_hybrid, &f), 0);
	fake_free(&f);
}

TEST(this_machine_can_be_probed)
{
	struct cgroup_hierarchy *h = NULL;
	struct err e = { 0 };

	CHECK_INT(hierarchy_probe(&h, &e), 0);
	CHECK(h != NULL);
	hierarchy_free(h);
}
