/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mount.c - the mount system calls of mount.h.
 *
 * The new ones by number: glibc has wrappers since 2.36, musl has none. Neither
 * <linux/mount.h> nor libc's struct mount_attr is used, because which header
 * declares what differs between the libcs and their versions.
 */
#include "kernel/mount.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/ret.h"

enum fs_command { /* enum fsconfig_command */
		  FS_SET_FLAG = 0,
		  FS_SET_STRING = 1,
		  FS_SET_FD = 5,
		  FS_CREATE = 6,
		  FS_RECONFIGURE = 7,
};

struct setattr_args { /* struct mount_attr, MOUNT_ATTR_SIZE_VER0 */
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
_Static_assert(sizeof(struct setattr_args) == 32, "the kernel's first version");

static int fsconfig_call(int fs_fd, enum fs_command command, const char *key,
			 const void *value, int aux)
{
	return ret_errno(syscall(SYS_fsconfig, fs_fd, command, key, value, aux));
}

int sys_fsopen(const char *fs_name, unsigned flags)
{
	return ret_errno(syscall(SYS_fsopen, fs_name, flags | FSOPEN_CLOEXEC));
}

int sys_fsconfig_flag(int fs_fd, const char *key)
{
	return fsconfig_call(fs_fd, FS_SET_FLAG, key, NULL, 0);
}

int sys_fsconfig_string(int fs_fd, const char *key, const char *value)
{
	return fsconfig_call(fs_fd, FS_SET_STRING, key, value, 0);
}

int sys_fsconfig_fd(int fs_fd, const char *key, int fd)
{
	return fsconfig_call(fs_fd, FS_SET_FD, key, NULL, fd);
}

int sys_fsconfig_create(int fs_fd)
{
	return fsconfig_call(fs_fd, FS_CREATE, NULL, NULL, 0);
}

int sys_fsconfig_reconfigure(int fs_fd)
{
	return fsconfig_call(fs_fd, FS_RECONFIGURE, NULL, NULL, 0);
}

/*
 * Each read takes one message, "e text" for an error, "w" and "i" for the rest,
 * oldest first; the kernel keeps eight of them.
 */
void sys_fs_message(int fs_fd, char *buf, unsigned size)
{
	char line[1024];

	if (!size)
		return;
	buf[0] = '\0';
	for (unsigned i = 0; i < 8; i++) {
		ssize_t n = RESTART(read(fs_fd, line, sizeof(line) - 1));

		if (n <= 0)
			return;
		line[n] = '\0';
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0] == 'e' && line[1] == ' ')
			(void)snprintf(buf, size, "%s", line + 2);
	}
}

int sys_fsmount(int fs_fd, unsigned flags, unsigned attr_flags)
{
	return ret_errno(
		syscall(SYS_fsmount, fs_fd, flags | FSMOUNT_CLOEXEC, attr_flags));
}

int sys_fspick(int dir_fd, const char *path, unsigned flags)
{
	return ret_errno(syscall(SYS_fspick, dir_fd, path, flags | FSPICK_CLOEXEC));
}

int sys_open_tree(int dir_fd, const char *path, unsigned flags)
{
	return ret_errno(syscall(SYS_open_tree, dir_fd, path, flags | OPEN_TREE_CLOEXEC));
}

int sys_move_mount(int from_fd, const char *from, int to_fd, const char *to,
		   unsigned flags)
{
	return ret_errno(syscall(SYS_move_mount, from_fd, from, to_fd, to, flags));
}

int sys_mount_setattr(int dir_fd, const char *path, unsigned flags, uint64_t attr_set,
		      uint64_t attr_clr, uint64_t propagation, int userns_fd)
{
	struct setattr_args attr = {
		.attr_set = attr_set,
		.attr_clr = attr_clr,
		.propagation = propagation,
		.userns_fd = userns_fd < 0 ? 0 : (uint64_t)userns_fd,
	};

	return ret_errno(
		syscall(SYS_mount_setattr, dir_fd, path, flags, &attr, sizeof(attr)));
}

int sys_mount(const char *source, const char *target, const char *type,
	      unsigned long flags, const char *data)
{
	return ret_errno(mount(source, target, type, flags, data));
}

int sys_umount2(const char *target, int flags)
{
	return ret_errno(umount2(target, flags));
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return ret_errno(syscall(SYS_pivot_root, new_root, put_old));
}
