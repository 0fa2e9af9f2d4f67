/* SPDX-License-Identifier: Apache-2.0 */
/* cgroupfs.c - the container's view of its cgroups. */
#include "mounts/cgroupfs.h"

#include "cgroup/hierarchy.h"
#include "tests/unit/sandbox.h"

static void add_fake_hierarchies(struct sandbox *s)
{
	struct cgroup_hierarchy *h = (struct cgroup_hierarchy *)s->host.cgroup;
	static const char *const dirs[] = { "cg", "cg/cpu,cpuacct", "cg/memory",
					    "cg/pids", "cg/unified" };
	char path[PATH_MAX];

	for (size_t i = 0; i < N_ELEMENTS(dirs); i++) {
		char own[64];

		sandbox_dir(s, dirs[i], 0755);
		(void)str_format(own, sizeof(own), "%s/own", dirs[i]);
		sandbox_dir(s, own, 0755);
		(void)str_format(own, sizeof(own), "%s/own/name", dirs[i]);
		sandbox_file(s, own, dirs[i]);
	}
	CHECK_INT(hierarchy_add_v1(h, "cpu,cpuacct",
				   sandbox_path(s, "cg/cpu,cpuacct", path)),
		  0);
	CHECK_INT(hierarchy_add_v1(h, "memory", sandbox_path(s, "cg/memory", path)), 0);
	CHECK_INT(hierarchy_add_v1(h, "pids", sandbox_path(s, "cg/pids", path)), 0);
	s->plan.cgroup.path = "/own";
	s->plan.cgroup.v1_joined = CGROUP_BIT(CGROUP_CPU) | CGROUP_BIT(CGROUP_MEMORY);
}

static int look_at_bound_v1(struct sandbox *s)
{
	char target[64];
	int wrong = 0;

	(void)s;
	EXPECT(mount_has("/sys/fs/cgroup", "ro") &&
	       mount_has("/sys/fs/cgroup", "nosuid"));
	EXPECT(file_is("/sys/fs/cgroup/cpu/name", "cg/cpu,cpuacct"));
	EXPECT(file_is("/sys/fs/cgroup/memory/name", "cg/memory"));
	EXPECT(file_is("/sys/fs/cgroup/unified/name", "cg/unified"));
	EXPECT(mount_has("/sys/fs/cgroup/memory", "ro"));
	EXPECT(mount_has("/sys/fs/cgroup/unified", "nosuid"));
	EXPECT(sys_readlinkat(AT_FDCWD, "/sys/fs/cgroup/cpuacct", target,
			      sizeof(target)) > 0 &&
	       str_eq(target, "cpu,cpuacct"));
	EXPECT(access("/sys/fs/cgroup/pids", F_OK) < 0); /* not joined */
	return wrong;
}

TEST(without_a_cgroup_namespace_the_containers_own_cgroups_are_bound)
{
	SANDBOX(s);
	struct cgroup_hierarchy *h;
	char path[PATH_MAX];

	NEEDS_ROOT();
	sandbox_init(&s);
	add_fake_hierarchies(&s);
	sandbox_file(&s, "cg/unified/cgroup.controllers", "");
	h = (struct cgroup_hierarchy *)s.host.cgroup;
	CHECK_INT(hierarchy_add_v2(h, sandbox_path(&s, "cg/unified", path)), 0);
	h->layout = CGROUP_LAYOUT_HYBRID;
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sys/fs/cgroup", "cgroup", "cgroup",
		      OPTIONS("ro", "nosuid", "relatime"));
	s.body = look_at_bound_v1;
	sandbox_must_run(&s);
}

static int look_at_bound_v2(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(file_is("/sys/fs/cgroup/name", "cg/unified"));
	EXPECT(mount_has("/sys/fs/cgroup", "rw") && mount_has("/sys/fs/cgroup", "nodev"));
	return wrong;
}

TEST(on_v2_it_is_one_bind_of_the_own_cgroup)
{
	SANDBOX(s);
	struct cgroup_hierarchy *h;
	char path[PATH_MAX];

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "cg", 0755);
	sandbox_file(&s, "cg/cgroup.controllers", "");
	sandbox_dir(&s, "cg/own", 0755);
	sandbox_file(&s, "cg/own/name", "cg/unified");
	h = (struct cgroup_hierarchy *)s.host.cgroup;
	CHECK_INT(hierarchy_add_v2(h, sandbox_path(&s, "cg", path)), 0);
	h->layout = CGROUP_LAYOUT_V2;
	s.plan.cgroup.path = "/own";
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sys/fs/cgroup", "cgroup", "cgroup", OPTIONS("nodev"));
	s.body = look_at_bound_v2;
	sandbox_must_run(&s);
}

static int look_at_new_views(struct sandbox *s)
{
	const struct cgroup_hierarchy *h = s->host.cgroup;
	struct mount_line l;
	char path[PATH_MAX];
	int wrong = 0, n = 0;

	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		const char *base = h->v1[i].path ? strrchr(h->v1[i].path, '/') : NULL;

		if (!base || i == CGROUP_SYSTEMD)
			continue;
		(void)str_format(path, sizeof(path), "/sys/fs/cgroup%s", base);
		EXPECT(mount_find(path, &l) && str_eq(l.type, "cgroup") &&
		       str_eq(l.root, "/") && has_word(l.flags, "ro"));
		n++;
	}
	EXPECT(n > 0);
	return wrong;
}

TEST(in_a_cgroup_namespace_each_joined_hierarchy_is_mounted_anew)
{
	SANDBOX(s);
	struct cgroup_hierarchy *h = NULL;

	NEEDS_ROOT();
	sandbox_init(&s);
	CHECK_INT(hierarchy_probe(&h, NULL), 0);
	hierarchy_free((struct cgroup_hierarchy *)s.host.cgroup);
	s.host.cgroup = h;
	if (h->layout != CGROUP_LAYOUT_V1 && h->layout != CGROUP_LAYOUT_HYBRID)
		SKIP("needs cgroup v1 hierarchies");
	s.plan.ns.new_flags |= CLONE_NEWCGROUP;
	s.plan.cgroup.path = "/";
	s.plan.cgroup.v1_joined = ~CGROUP_BIT(CGROUP_SYSTEMD);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sys/fs/cgroup", "cgroup", "cgroup", OPTIONS("ro"));
	s.body = look_at_new_views;
	sandbox_must_run(&s);
}

TEST(a_cgroup_mount_has_no_file_system_options)
{
	SANDBOX(s);
	char text[1024];

	sandbox_init(&s);
	sandbox_mount(&s, "/sys/fs/cgroup", "cgroup", "cgroup",
		      OPTIONS("ro", "mode=755"));
	CHECK_INT(sandbox_plan(&s, &s.err), -EINVAL);
	CHECK_STR(text_of(&s.err, text),
		  "/mounts/0/options/1: 'mode' is no option of a cgroup mount");
}
