/* SPDX-License-Identifier: Apache-2.0 */
/* The fakes themselves: they replace the real calls, remember, and fail when told. */
/* fake: kernel/record */
/* fake: kernel/mount */
/* fake: kernel/cred */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include "kernel/mount.h"
#include "tests/fake/kernel/cred.h"
#include "tests/fake/kernel/record.h"
#include "tests/unit/unit.h"

TEST(mount_calls_are_recorded_with_names_for_their_descriptors)
{
	int fs_fd, mount_fd;

	record_reset();
	fs_fd = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	CHECK_INT(sys_fsconfig_string(fs_fd, "size", "64k"), 0);
	CHECK_INT(sys_fsconfig_flag(fs_fd, "ro"), 0);
	CHECK_INT(sys_fsconfig_create(fs_fd), 0);
	mount_fd = sys_fsmount(fs_fd, 0, MOUNT_ATTR_NOSUID);
	CHECK_INT(sys_mount_setattr(mount_fd, "", AT_EMPTY_PATH, MOUNT_ATTR_RDONLY, 0,
				    MS_PRIVATE, -EBADF),
		  0);
	CHECK_INT(sys_move_mount(mount_fd, "", AT_FDCWD, "/x", MOVE_MOUNT_F_EMPTY_PATH),
		  0);
	CHECK_STR(record_text(), "fsopen tmpfs\n"
				 "fsconfig size=64k\n"
				 "fsconfig ro\n"
				 "fsconfig create\n"
				 "fsmount #1 attr 0x2\n"
				 "mount_setattr #2 '' 0x1000 set 0x1 clear 0x0 "
				 "propagation 0x40000\n"
				 "move_mount #2 '' to cwd '/x' 0x4\n");
}

TEST(the_nth_call_fails_once)
{
	record_reset();
	record_fail(2, ENODEV);
	CHECK_INT(sys_umount2("a", MNT_DETACH), 0);
	CHECK_INT(sys_umount2("b", MNT_DETACH), -ENODEV);
	CHECK_INT(sys_umount2("c", MNT_DETACH), 0);
	record_reset();
	record_fail(1, ENOSYS);
	CHECK_INT(sys_open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE), -ENOSYS);
	CHECK_STR(record_text(), "open_tree cwd '/' 0x1\n");
}

TEST(credentials_are_kept_and_a_failed_change_is_none)
{
	const gid_t groups[] = { 5, 6 };
	uid_t ids[3];
	gid_t got[2];

	record_reset();
	fake_cred_reset();
	CHECK_INT(sys_setgroups(2, groups), 0);
	CHECK_INT(sys_getgroups(2, got), 2);
	CHECK(got[0] == 5 && got[1] == 6);
	record_fail(1, EPERM);
	CHECK_INT(sys_setresuid(1, 2, 3), -EPERM);
	CHECK_INT(sys_getuid(), 0);
	CHECK_INT(sys_setresuid(1, (uid_t)-1, 3), 0);
	CHECK_INT(sys_getresuid(ids), 0);
	CHECK(ids[0] == 1 && ids[1] == 0 && ids[2] == 3);
	CHECK_INT(sys_capbset_drop(21), 0);
	CHECK_INT(sys_capbset_read(21), 0);
	CHECK_INT(sys_capbset_read(22), 1);
	CHECK_INT(sys_capbset_read(41), -EINVAL);
	fake_cred()->last_cap = 41;
	CHECK_INT(sys_capbset_read(41), 0);
	CHECK_STR(record_text(), "setgroups 5 6\nsetresuid 1 2 3\nsetresuid 1 -1 3\n"
				 "capbset_drop 21\n");
}
