/* SPDX-License-Identifier: Apache-2.0 */
/* pivot.c - the root becomes "/", and the host is out of reach. */
#include "root/pivot.h"

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

static int look_inside(struct sandbox *s)
{
	char path[PATH_MAX];
	int wrong = 0;

	EXPECT(file_is("/mark", "inside"));
	EXPECT(access(sandbox_path(s, "rootfs/mark", path), F_OK) < 0);
	EXPECT(sys_getcwd(path, sizeof(path)) == 1 && str_eq(path, "/"));
	EXPECT(file_is("../../../../mark", "inside"));
	EXPECT(s->in.pivoted);
	return wrong;
}

/* No descriptor above the standard ones leads to a directory outside. */
static int look_at_descriptors(struct sandbox *s)
{
	struct stat root;
	int wrong = look_inside(s);

	EXPECT(stat("/", &root) == 0);
	for (int fd = 3; fd < 64; fd++) {
		struct stat st;

		if (sys_fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode) || fd == s->bundle.fd)
			continue;
		EXPECT(st.st_dev == root.st_dev && st.st_ino == root.st_ino);
	}
	return wrong;
}

TEST(pivot_root_leaves_nothing_of_the_host)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_file(&s, "rootfs/mark", "inside");
	s.body = look_at_descriptors;
	sandbox_must_run(&s);
}

static int new_mount(const char *type)
{
	autofd int fs_fd = sys_fsopen(type, 0), fd = -EBADF;
	int r = fs_fd < 0 ? fs_fd : sys_fsconfig_create(fs_fd);

	if (r < 0)
		return r;
	fd = sys_fsmount(fs_fd, 0, 0);
	return fd < 0 ? fd : 0;
}

/*
 * A user namespace may mount proc and sysfs where the kernel finds a whole one already:
 * one of the host's that was left below the root would do.
 */
static int mount_as_user(void *arg)
{
	int wrong = 0;

	(void)arg;
	EXPECT(new_mount("tmpfs") == 0);
	EXPECT(new_mount("proc") == -EPERM);
	EXPECT(new_mount("sysfs") == -EPERM);
	return wrong;
}

static int look_for_uncovered(struct sandbox *s)
{
	int wrong = look_inside(s);

	EXPECT(child_run(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID,
			 mount_as_user, NULL) == 0);
	return wrong;
}

static int mount_more(struct sandbox *s)
{
	char path[PATH_MAX];

	/* a name that mountinfo has to escape */
	(void)sys_mkdirat(AT_FDCWD, sandbox_path(s, "a b", path), 0755);
	return sys_mount("proc", path, "proc", 0, NULL);
}

TEST(no_pivot_moves_the_root_over_the_host_and_takes_its_proc_and_sys_away)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_file(&s, "rootfs/mark", "inside");
	s.options.no_pivot = true;
	s.prepare = mount_more;
	s.body = look_for_uncovered;
	sandbox_must_run(&s);
}

static int look_for_own(struct sandbox *s)
{
	struct mount_line l;
	int wrong = look_inside(s);

	EXPECT(mount_find("/proc", &l) && mount_find("/sys", &l));
	return wrong;
}

TEST(no_pivot_leaves_the_containers_own_proc_and_sys)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_file(&s, "rootfs/mark", "inside");
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sys", "sysfs", "sysfs", NULL);
	s.options.no_pivot = true;
	s.body = look_for_own;
	sandbox_must_run(&s);
}

TEST(without_a_mount_namespace_it_is_a_chroot)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_file(&s, "rootfs/mark", "inside");
	s.spec.linux.namespaces.n = 0;
	s.plan.ns.new_flags = 0;
	s.body = look_inside;
	sandbox_must_run(&s);
	CHECK_INT(s.plan.sources.n, 0);
	CHECK_INT(s.plan.devices.n, 0);
}

TEST(a_chroot_into_nowhere_is_said_to_be)
{
	SANDBOX(s);
	char want[256];

	NEEDS_ROOT();
	sandbox_init(&s);
	s.spec.linux.namespaces.n = 0;
	s.plan.ns.new_flags = 0;
	s.spec.root.path = "nowhere";
	(void)str_format(want, sizeof(want),
			 "/root/path: the root file system cannot be entered (open "
			 "'%s/nowhere': ENOENT)",
			 s.bundle.path);
	sandbox_must_fail(&s, want);
}
