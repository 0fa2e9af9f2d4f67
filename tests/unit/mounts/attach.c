/* SPDX-License-Identifier: Apache-2.0 */
/* attach.c - flags of what is attached, and that it is where it should be. */
#include "mounts/attach.h"

#include <sys/syscall.h>

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

static int look_at_binds(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(file_is("/data/file", "content"));
	EXPECT(file_is("/etc/one", "one"));
	EXPECT(mount_has("/data", "ro") && mount_has("/data", "nosuid"));
	EXPECT(mount_has("/data", "noatime") && !mount_has("/data", "nodev"));
	EXPECT(mount_has("/again", "rw") && !mount_has("/again", "noexec"));
	EXPECT(mount_has("/etc/one", "ro"));
	EXPECT(S_ISREG(mode_of("/etc/one")));
	return wrong;
}

static void add_binds(struct sandbox *s)
{
	sandbox_dir(s, "data", 0755);
	sandbox_file(s, "data/file", "content");
	sandbox_file(s, "one", "one");
	sandbox_mount(s, "/proc", "proc", "proc", NULL);
	/* a source relative to the bundle, targets that are not there yet */
	sandbox_mount(s, "/data", "none", "data",
		      OPTIONS("bind", "ro", "nosuid", "noatime"));
	sandbox_mount(s, "/etc/one", NULL, "one", OPTIONS("rbind", "ro"));
	sandbox_mount(s, "again", "bind", "data", OPTIONS("bind", "exec", "rw"));
}

TEST(binds_of_directories_and_files_get_exactly_their_flags)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_binds(&s);
	s.body = look_at_binds;
	sandbox_must_run(&s);
}

TEST(binds_get_their_flags_without_mount_setattr_too)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_binds(&s);
	s.old_kernel = SYS_mount_setattr;
	s.body = look_at_binds;
	sandbox_must_run(&s);
}

TEST(recursive_flags_are_refused_without_mount_setattr)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "data", 0755);
	sandbox_mount(&s, "/data", NULL, "data", OPTIONS("rbind", "rro"));
	s.old_kernel = SYS_mount_setattr;
	sandbox_must_fail(&s, "/mounts/0: '/data': recursive mount options need Linux "
			      "5.12 or newer");
}

static int mount_tree(struct sandbox *s)
{
	char path[PATH_MAX];
	int r;

	r = sys_mount("tmpfs", sandbox_path(s, "tree", path), "tmpfs",
		      MS_NOSUID | MS_NOATIME, NULL);
	if (r >= 0)
		r = sys_mkdirat(AT_FDCWD, sandbox_path(s, "tree/sub", path), 0755);
	return r < 0 ? r : sys_mount("tmpfs", path, "tmpfs", MS_NODEV, NULL);
}

static int look_at_tree(struct sandbox *s)
{
	struct mount_line l;
	int wrong = 0;

	(void)s;
	/* rro: both; what else they have stays */
	EXPECT(mount_has("/rro", "ro") && mount_has("/rro", "nosuid"));
	EXPECT(mount_has("/rro", "noatime"));
	EXPECT(mount_has("/rro/sub", "ro") && mount_has("/rro/sub", "nodev"));
	/* ro of an rbind: the top only */
	EXPECT(mount_has("/ro", "ro") && mount_has("/ro/sub", "rw"));
	/* clearing really clears, of the top only */
	EXPECT(!mount_has("/cleared", "nosuid") && mount_has("/cleared", "relatime"));
	EXPECT(mount_has("/cleared/sub", "nodev"));
	EXPECT(!mount_has("/rcleared/sub", "nodev") && mount_has("/rcleared", "nosuid"));
	/* a word for the whole tree, then one for its top */
	EXPECT(mount_has("/mixed", "rw") && mount_has("/mixed/sub", "ro"));
	/* bind without the r takes the top only */
	EXPECT(!mount_find("/flat/sub", &l));
	return wrong;
}

TEST(recursive_words_reach_the_mounts_below_and_others_do_not)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "tree", 0755);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/rro", NULL, "tree", OPTIONS("rbind", "rro"));
	sandbox_mount(&s, "/ro", NULL, "tree", OPTIONS("rbind", "ro"));
	sandbox_mount(&s, "/cleared", NULL, "tree", OPTIONS("rbind", "suid", "relatime"));
	sandbox_mount(&s, "/rcleared", NULL, "tree", OPTIONS("rbind", "rdev"));
	sandbox_mount(&s, "/mixed", NULL, "tree", OPTIONS("rbind", "rro", "rw"));
	sandbox_mount(&s, "/flat", NULL, "tree", OPTIONS("bind"));
	s.prepare = mount_tree;
	s.body = look_at_tree;
	sandbox_must_run(&s);
}

static int mount_locked(struct sandbox *s)
{
	char path[PATH_MAX];

	return sys_mount("tmpfs", sandbox_path(s, "vol", path), "tmpfs",
			 MS_NOSUID | MS_NODEV | MS_RDONLY | MS_NOATIME, NULL);
}

static int look_at_locked(struct sandbox *s)
{
	struct stat st;
	int wrong = 0;

	(void)s;
	EXPECT(mount_has("/vol", "ro") && mount_has("/vol", "nosuid"));
	EXPECT(mount_has("/vol", "nodev") && mount_has("/vol", "noatime"));
	/* what is asked for besides is done */
	EXPECT(mount_has("/vol", "noexec"));
	/* and the container's root cannot take them away */
	EXPECT(sys_mount(NULL, "/vol", NULL, MS_REMOUNT | MS_BIND | MS_NOATIME, NULL) ==
	       -EPERM);
	EXPECT(mode_of("/tmp") == (S_IFDIR | 01777));
	EXPECT(lstat("/tmp", &st) == 0 && st.st_uid == 0);
	return wrong;
}

TEST(flags_of_the_hosts_mounts_stay_locked_in_a_user_namespace)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "vol", 0755);
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs", SANDBOX_FIRST_ID, SANDBOX_FIRST_ID,
			       0),
		  0);
	s.userns = true;
	sandbox_mount(&s, "/proc", NULL, "/proc", OPTIONS("rbind"));
	sandbox_mount(&s, "/vol", NULL, "vol",
		      OPTIONS("rbind", "rw", "suid", "dev", "noexec", "strictatime"));
	sandbox_mount(&s, "/tmp", "tmpfs", "tmpfs", NULL);
	s.prepare = mount_locked;
	s.body = look_at_locked;
	sandbox_must_run(&s);
}

/* CVE-2021-30465: `a` turns into a link to `b` and back while mounts are made. */
static _Noreturn void swap_forever(const struct sandbox *s)
{
	for (;;)
		(void)syscall(SYS_renameat2, s->bundle.fd, "vol/a", s->bundle.fd, "vol/b",
			      2 /* RENAME_EXCHANGE */);
}

static int look_at_swapped(struct sandbox *s)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	int wrong = 0, tmpfs = 0;

	(void)s;
	while (f && fgets(line, sizeof(line), f))
		tmpfs += strstr(line, " - tmpfs swapped") != NULL;
	if (f)
		(void)fclose(f);
	EXPECT(tmpfs == 2);
	return wrong;
}

TEST(a_swapped_directory_gets_the_container_refused_or_mounted_right_never_out)
{
	int swapper = -EBADF, started = 0, wrong;
	siginfo_t info;
	pid_t pid;

	NEEDS_ROOT();
	autoscratch struct scratch out = scratch_make();

	for (int i = 0; i < 40; i++) {
		SANDBOX(s);

		sandbox_init(&s);
		sandbox_dir(&s, "vol", 0755);
		sandbox_dir(&s, "vol/a", 0755);
		sandbox_dir(&s, "vol/a/sub", 0755);
		CHECK_INT(sys_symlinkat(out.path, s.bundle.fd, "vol/b"), 0);
		sandbox_mount(&s, "/proc", "proc", "proc", NULL);
		sandbox_mount(&s, "/vol", NULL, "vol", OPTIONS("rbind"));
		sandbox_mount(&s, "/vol/a/sub", "tmpfs", "swapped", NULL);
		sandbox_mount(&s, "/vol/a/new/dir", "tmpfs", "swapped", NULL);
		s.body = look_at_swapped;
		(void)fflush(stdout);
		pid = sys_clone3(0, -EBADF, &swapper);
		if (pid == 0)
			swap_forever(&s);
		wrong = sandbox_run(&s);
		CHECK(wrong <= 0); /* refused, or both mounts are there */
		started += wrong == 0;
		(void)sys_pidfd_send_signal(swapper, SIGKILL);
		(void)sys_waitid_fd(swapper, &info, WEXITED);
		fd_close(&swapper);
		CHECK_INT(rmdir(out.path), 0); /* nothing was made in it */
		CHECK_INT(mkdir(out.path, 0700), 0);
	}
	printf("# %d of 40 started\n", started);
}
