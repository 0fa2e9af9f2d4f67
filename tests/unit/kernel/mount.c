/* SPDX-License-Identifier: Apache-2.0 */
/* The mount calls, in a mount namespace of their own. */
#include "kernel/mount.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include "base/str.h"
#include "kernel/file.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

static int make_tmpfs(void)
{
	autofd int fs_fd = sys_fsopen("tmpfs", 0);
	int r = sys_fsconfig_string(fs_fd, "size", "64k");

	if (r == 0)
		r = sys_fsconfig_flag(fs_fd, "noswap");
	if (r == -EINVAL) /* before 6.4 */
		r = 0;
	if (r == 0)
		r = sys_fsconfig_create(fs_fd);
	return r < 0 ? r : sys_fsmount(fs_fd, 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

/* The directory in this mount namespace: mounts attach to no other one. */
static int enter(const struct scratch *s)
{
	int r = sys_mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL);

	return r < 0 ? r : sys_openat(AT_FDCWD, s->path, O_RDONLY | O_DIRECTORY, 0);
}

static int build(void *arg)
{
	const struct scratch *s = arg;
	autofd int dir_fd = enter(s);
	autofd int mount_fd = make_tmpfs();
	autofd int clone_fd = -EBADF;
	autofd int pick_fd = -EBADF;
	unsigned long flags = 0;
	int wrong = 0;

	EXPECT(dir_fd >= 0);
	EXPECT(mount_fd >= 0 && fcntl(mount_fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_mkdirat(dir_fd, "a", 0755) == 0 &&
	       sys_mkdirat(dir_fd, "b", 0755) == 0);
	EXPECT(sys_move_mount(mount_fd, "", dir_fd, "a", MOVE_MOUNT_F_EMPTY_PATH) == 0);
	EXPECT(sys_mkdirat(dir_fd, "a/in", 0755) == 0);
	EXPECT(sys_fstatvfs_flags(mount_fd, &flags) == 0);
	EXPECT((flags & (ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_RDONLY)) ==
	       (ST_NOSUID | ST_NODEV));

	clone_fd = sys_open_tree(dir_fd, "a", OPEN_TREE_CLONE);
	EXPECT(clone_fd >= 0 && fcntl(clone_fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_mount_setattr(clone_fd, "", AT_EMPTY_PATH, MOUNT_ATTR_RDONLY,
				 MOUNT_ATTR_NODEV, MS_PRIVATE, -EBADF) == 0);
	EXPECT(sys_move_mount(clone_fd, "", dir_fd, "b", MOVE_MOUNT_F_EMPTY_PATH) == 0);
	EXPECT(sys_fstatvfs_flags(clone_fd, &flags) == 0);
	EXPECT((flags & (ST_NOSUID | ST_NODEV | ST_RDONLY)) == (ST_NOSUID | ST_RDONLY));
	EXPECT(sys_mkdirat(dir_fd, "b/x", 0755) == -EROFS);
	EXPECT(sys_mkdirat(dir_fd, "a/x", 0755) == 0);

	pick_fd = sys_fspick(dir_fd, "a", 0);
	EXPECT(pick_fd >= 0 && fcntl(pick_fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_fsconfig_flag(pick_fd, "ro") == 0);
	EXPECT(sys_fsconfig_reconfigure(pick_fd) == 0);
	EXPECT(sys_mkdirat(dir_fd, "a/y", 0755) == -EROFS);

	EXPECT(sys_fchdir(dir_fd) == 0);
	EXPECT(sys_umount2("b", MNT_DETACH) == 0);
	EXPECT(sys_umount2("b", MNT_DETACH) == -EINVAL);
	return wrong;
}

TEST(a_mount_is_made_detached_and_attached_with_its_flags)
{
	autoscratch struct scratch s = scratch_make();

	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(CLONE_NEWNS, build, &s), 0);
}

static int pivot(void *arg)
{
	const struct scratch *s = arg;
	autofd int dir_fd = enter(s);
	autofd int mount_fd = make_tmpfs();
	int wrong = 0;

	EXPECT(dir_fd >= 0);
	EXPECT(sys_move_mount(mount_fd, "", dir_fd, "",
			      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0);
	EXPECT(sys_mkdirat(mount_fd, "mark", 0755) == 0);
	EXPECT(sys_fchdir(mount_fd) == 0);
	EXPECT(sys_pivot_root(".", ".") == 0);
	EXPECT(sys_umount2(".", MNT_DETACH) == 0);
	EXPECT(sys_chdir("/") == 0);
	EXPECT(sys_faccessat(AT_FDCWD, "/mark", F_OK, 0) == 0);
	EXPECT(sys_faccessat(AT_FDCWD, "/proc", F_OK, 0) == -ENOENT);
	return wrong;
}

TEST(the_root_is_exchanged_and_the_old_one_gone)
{
	autoscratch struct scratch s = scratch_make();

	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(CLONE_NEWNS, pivot, &s), 0);
}

TEST(the_kernels_words_about_a_bad_option_are_the_last_error)
{
	char words[256], tiny[4] = "xyz";
	autofd int fs_fd = sys_fsopen("tmpfs", 0);

	if (!is_root())
		SKIP("needs root");
	CHECK_INT(sys_fsconfig_string(fs_fd, "nosuchthing", "1"), -EINVAL);
	CHECK_INT(sys_fsconfig_string(fs_fd, "size", "banana"), -EINVAL);
	sys_fs_message(fs_fd, words, sizeof(words));
	CHECK_STR(words, "tmpfs: Bad value for 'size'");
	sys_fs_message(fs_fd, words, sizeof(words));
	CHECK_STR(words, "");
	CHECK_INT(sys_fsconfig_string(fs_fd, "size", "banana"), -EINVAL);
	sys_fs_message(fs_fd, tiny, sizeof(tiny));
	CHECK_STR(tiny, "tmp");
	CHECK_INT(sys_fsopen("nosuchfs", 0), -ENODEV);
}
