/* SPDX-License-Identifier: Apache-2.0 */
/* apply.c - the container's mounts, made for real in a private mount namespace. */
#include "mounts/apply.h"

#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

/* What `spec` writes and podman and containerd vary. */
static void add_default_mounts(struct sandbox *s)
{
	sandbox_mount(s, "/proc", "proc", "proc", NULL);
	sandbox_mount(s, "/dev", "tmpfs", "tmpfs",
		      OPTIONS("nosuid", "strictatime", "mode=755", "size=65536k"));
	sandbox_mount(s, "/dev/pts", "devpts", "devpts",
		      OPTIONS("nosuid", "noexec", "newinstance", "ptmxmode=0666",
			      "mode=0620", "gid=5"));
	sandbox_mount(s, "/dev/shm", "tmpfs", "shm",
		      OPTIONS("nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
	sandbox_mount(s, "/dev/mqueue", "mqueue", "mqueue",
		      OPTIONS("nosuid", "noexec", "nodev"));
	sandbox_mount(s, "/sys", "sysfs", "sysfs",
		      OPTIONS("nosuid", "noexec", "nodev", "ro"));
}

static int look_at_default(struct sandbox *s)
{
	struct mount_line l;
	char target[64];
	struct stat st;
	int wrong = 0;

	(void)s;
	EXPECT(mount_find("/proc", &l) && str_eq(l.type, "proc"));
	EXPECT(mount_find("/dev", &l) && str_eq(l.type, "tmpfs"));
	EXPECT(has_word(l.flags, "rw") && has_word(l.flags, "nosuid"));
	EXPECT(!has_word(l.flags, "relatime") && !has_word(l.flags, "noatime"));
	EXPECT(has_word(l.super, "size=65536k") && has_word(l.super, "mode=755"));
	EXPECT(mount_find("/dev/pts", &l) && str_eq(l.type, "devpts"));
	EXPECT(has_word(l.super, "ptmxmode=666") && has_word(l.super, "gid=5"));
	EXPECT(mount_find("/dev/shm", &l) && has_word(l.flags, "noexec"));
	EXPECT(mode_of("/dev/shm") == (S_IFDIR | 01777));
	EXPECT(mount_find("/dev/mqueue", &l) && str_eq(l.type, "mqueue"));
	EXPECT(mount_find("/sys", &l) && has_word(l.flags, "ro"));
	EXPECT(stat("/dev/null", &st) == 0 && st.st_rdev == makedev(1, 3) &&
	       st.st_mode == (S_IFCHR | 0666));
	EXPECT(stat("/dev/tty", &st) == 0 && st.st_rdev == makedev(5, 0));
	EXPECT(sys_readlinkat(AT_FDCWD, "/dev/ptmx", target, sizeof(target)) > 0 &&
	       str_eq(target, "pts/ptmx"));
	EXPECT(sys_readlinkat(AT_FDCWD, "/dev/fd", target, sizeof(target)) > 0 &&
	       str_eq(target, "/proc/self/fd"));
	EXPECT(sys_readlinkat(AT_FDCWD, "/dev/stderr", target, sizeof(target)) > 0 &&
	       str_eq(target, "/proc/self/fd/2"));
	/* only with a kernel that has it */
	EXPECT((access("/proc/kcore", F_OK) == 0) == S_ISLNK(mode_of("/dev/core")));
	return wrong;
}

TEST(the_default_mounts_devices_and_links_are_made)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_default_mounts(&s);
	s.body = look_at_default;
	sandbox_must_run(&s);
}

TEST(the_same_without_mount_setattr)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_default_mounts(&s);
	s.old_kernel = SYS_mount_setattr;
	s.body = look_at_default;
	sandbox_must_run(&s);
}

/* Nothing of the host may be left: neither mounts nor open directories. */
static int look_for_host(struct sandbox *s)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	int wrong = 0, lines = 0;

	(void)s;
	EXPECT(f != NULL);
	while (f && fgets(line, sizeof(line), f))
		lines++;
	if (f)
		(void)fclose(f);
	EXPECT(lines == 2); /* the root and /proc */
	for (size_t i = 0; i < s->plan.sources.n; i++)
		EXPECT(s->in.source_fd[i] < 0);
	return wrong;
}

TEST(nothing_but_the_configured_mounts_is_left_after_the_pivot)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	s.body = look_for_host;
	sandbox_must_run(&s);
}

static int look_at_tmpfs(struct sandbox *s)
{
	struct mount_line l;
	int wrong = 0;

	(void)s;
	EXPECT(mode_of("/sticky") == (S_IFDIR | 01750));
	EXPECT(mode_of("/given") == (S_IFDIR | 0711));
	EXPECT(mode_of("/new") == (S_IFDIR | 01777));
	EXPECT(mount_has("/run", "ro") && mount_has("/run/lock", "rw"));
	EXPECT(mount_find("/lazy", &l) && has_word(l.super, "lazytime"));
	EXPECT(mount_find("/comma", &l) && has_word(l.super, "size=1024k") &&
	       has_word(l.flags, "noexec"));
	EXPECT(mode_of("/comma") == (S_IFDIR | 0700));
	EXPECT(mount_has("/version", "nodev"));
	EXPECT(mode_of("/version") == (S_IFDIR | 0751));
	EXPECT(mkdir("/version/x", 0700) == 0);
	return wrong;
}

TEST(a_tmpfs_takes_the_mode_of_what_it_hides_unless_one_is_given)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/sticky", 01750);
	sandbox_dir(&s, "rootfs/given", 0755);
	sandbox_dir(&s, "rootfs/version", 0751);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/sticky", "tmpfs", "tmpfs", NULL);
	sandbox_mount(&s, "/given", "tmpfs", "tmpfs", OPTIONS("mode=711"));
	sandbox_mount(&s, "/new", "tmpfs", "tmpfs", NULL);
	/* read-only, and yet a mount point is made in it */
	sandbox_mount(&s, "/run", "tmpfs", "tmpfs", OPTIONS("ro"));
	sandbox_mount(&s, "/run/lock", "tmpfs", "tmpfs", NULL);
	sandbox_mount(&s, "/lazy", "tmpfs", "tmpfs", OPTIONS("lazytime"));
	sandbox_mount(&s, "/comma", "tmpfs", "tmpfs",
		      OPTIONS("noexec", "size=1m,mode=700"));
	sandbox_mount(&s, "/version", "tmpfs", "tmpfs", OPTIONS("iversion", "nodev"));
	s.body = look_at_tmpfs;
	sandbox_must_run(&s);
}

TEST(a_wrong_option_is_pointed_at_in_the_kernels_words)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_mount(&s, "/t", "tmpfs", "tmpfs", OPTIONS("nosuid", "size=much"));
	CHECK_INT(sandbox_run(&s), -1);
	CHECK_STR(s.err.field, "/mounts/0/options/1");
	CHECK(strstr(s.err.msg, "size") != NULL);
}

TEST(an_unknown_file_system_is_named)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_mount(&s, "/t", "nosuchfs", "x", NULL);
	sandbox_must_fail(&s, "/mounts/0/type: this kernel has no such file system "
			      "(fsopen 'nosuchfs': ENODEV)");
}

static int look_at_remount(struct sandbox *s)
{
	struct mount_line l;
	int wrong = 0;

	(void)s;
	EXPECT(mount_find("/t", &l) && has_word(l.flags, "ro") &&
	       has_word(l.flags, "nosuid"));
	EXPECT(has_word(l.super, "size=2048k") && has_word(l.super, "ro"));
	/* of a bind mount only the mount's own flags: the super block is the host's */
	EXPECT(mount_find("/data", &l) && has_word(l.flags, "ro") &&
	       !has_word(l.super, "ro"));
	EXPECT(mount_has("/noexec", "noexec") && mount_has("/noexec", "rw"));
	return wrong;
}

/* A file system of the test's own: the wrong remount must not hit the machine's. */
static int mount_data(struct sandbox *s)
{
	char path[PATH_MAX];

	return sys_mount("tmpfs", sandbox_path(s, "data", path), "tmpfs", 0, NULL);
}

TEST(remount_changes_what_is_asked_and_keeps_the_rest)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "data", 0755);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/t", "tmpfs", "tmpfs", OPTIONS("nosuid", "size=1m"));
	sandbox_mount(&s, "/t", NULL, NULL, OPTIONS("remount", "ro", "size=2m"));
	sandbox_mount(&s, "/data", NULL, "data", OPTIONS("bind"));
	sandbox_mount(&s, "/data", NULL, NULL, OPTIONS("remount", "ro"));
	sandbox_mount(&s, "/noexec", "tmpfs", "tmpfs", NULL);
	sandbox_mount(&s, "/noexec", NULL, NULL, OPTIONS("bind", "remount", "noexec"));
	s.prepare = mount_data;
	s.body = look_at_remount;
	sandbox_must_run(&s);
}

TEST(remount_of_what_is_no_mount_is_refused)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/dir", 0755);
	sandbox_mount(&s, "/dir", NULL, NULL, OPTIONS("remount", "ro"));
	sandbox_must_fail(&s, "/mounts/0: nothing is mounted there (remount '/dir': "
			      "EINVAL)");
}

TEST(remount_cannot_change_the_file_system_of_a_bind_mount)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "data", 0755);
	sandbox_mount(&s, "/data", NULL, "data", OPTIONS("bind"));
	sandbox_mount(&s, "/data", NULL, NULL, OPTIONS("remount", "sync"));
	s.prepare = mount_data;
	sandbox_must_fail(&s, "/mounts/1/options/1: '/data' is not a file system of this "
			      "container: only its mount flags can change");
}

static int look_at_late(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(mount_has("/dev", "ro") && S_ISCHR(mode_of("/dev/null")));
	EXPECT(mount_has("/dev/pts", "rw"));
	/* covered by a later one, which is what stays as it was asked for */
	EXPECT(mount_has("/covered", "rw"));
	return wrong;
}

TEST(a_read_only_dev_is_filled_first_and_only_what_was_asked_turns_read_only)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/dev", "tmpfs", "tmpfs", OPTIONS("ro"));
	sandbox_mount(&s, "/dev/pts", "devpts", "devpts", OPTIONS("newinstance"));
	sandbox_mount(&s, "/covered", "tmpfs", "tmpfs", OPTIONS("ro"));
	sandbox_mount(&s, "/covered", "tmpfs", "tmpfs", NULL);
	s.body = look_at_late;
	sandbox_must_run(&s);
}

static int look_for_leaks(struct sandbox *s)
{
	FILE *f;
	char line[4096];
	int wrong = 0;

	EXPECT(sys_setns(s->host_ns_fd, CLONE_NEWNS) == 0);
	f = fopen("/proc/self/mountinfo", "re");
	EXPECT(f != NULL);
	while (f && fgets(line, sizeof(line), f))
		EXPECT(!strstr(line, s->bundle.path));
	if (f)
		(void)fclose(f);
	return wrong;
}

TEST(building_leaves_nothing_on_a_shared_host_and_does_not_unmount_it)
{
	static const char *const roots[] = { NULL, "rprivate", "rslave", "rshared" };

	NEEDS_ROOT();
	for (size_t i = 0; i < N_ELEMENTS(roots); i++) {
		SANDBOX(s);

		sandbox_init(&s);
		add_default_mounts(&s);
		s.share_host = true;
		s.spec.linux.rootfs_propagation = roots[i];
		s.body = look_for_leaks;
		sandbox_must_run(&s);
	}
}
