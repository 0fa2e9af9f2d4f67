/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mount.c - record the mount calls of kernel/mount.h; see record.h.
 *
 * Flags are hexadecimal; those that the room adds by itself (CLOEXEC) are not shown.
 */
#include "kernel/mount.h"

#include <stdio.h>

#include "tests/fake/kernel/record.h"

int sys_fsopen(const char *fs_name, unsigned flags)
{
	(void)flags;
	return record_call_fd("fsopen %s", fs_name);
}

int sys_fsconfig_flag(int fs_fd, const char *key)
{
	(void)fs_fd;
	return record_call("fsconfig %s", key);
}

int sys_fsconfig_string(int fs_fd, const char *key, const char *value)
{
	(void)fs_fd;
	return record_call("fsconfig %s=%s", key, value);
}

int sys_fsconfig_fd(int fs_fd, const char *key, int fd)
{
	char name[RECORD_FD_SIZE];

	(void)fs_fd;
	return record_call("fsconfig %s=fd %s", key, record_fd(fd, name));
}

int sys_fsconfig_create(int fs_fd)
{
	(void)fs_fd;
	return record_call("fsconfig create");
}

int sys_fsconfig_reconfigure(int fs_fd)
{
	(void)fs_fd;
	return record_call("fsconfig reconfigure");
}

void sys_fs_message(int fs_fd, char *buf, unsigned size)
{
	(void)fs_fd;
	if (size)
		(void)snprintf(buf, size, "the file system's words");
}

int sys_fsmount(int fs_fd, unsigned flags, unsigned attr_flags)
{
	char name[RECORD_FD_SIZE];

	(void)flags;
	return record_call_fd("fsmount %s attr 0x%x", record_fd(fs_fd, name), attr_flags);
}

int sys_fspick(int dir_fd, const char *path, unsigned flags)
{
	char name[RECORD_FD_SIZE];

	return record_call_fd("fspick %s '%s' 0x%x", record_fd(dir_fd, name), path,
			      flags);
}

int sys_open_tree(int dir_fd, const char *path, unsigned flags)
{
	char name[RECORD_FD_SIZE];

	return record_call_fd("open_tree %s '%s' 0x%x", record_fd(dir_fd, name), path,
			      flags & ~(unsigned)OPEN_TREE_CLOEXEC);
}

int sys_move_mount(int from_fd, const char *from, int to_fd, const char *to,
		   unsigned flags)
{
	char from_name[RECORD_FD_SIZE], to_name[RECORD_FD_SIZE];

	return record_call("move_mount %s '%s' to %s '%s' 0x%x",
			   record_fd(from_fd, from_name), from, record_fd(to_fd, to_name),
			   to, flags);
}

int sys_mount_setattr(int dir_fd, const char *path, unsigned flags, uint64_t attr_set,
		      uint64_t attr_clr, uint64_t propagation, int userns_fd)
{
	char name[RECORD_FD_SIZE], userns[RECORD_FD_SIZE + 8] = "", user[RECORD_FD_SIZE];

	if (userns_fd >= 0)
		(void)snprintf(userns, sizeof(userns), " userns %s",
			       record_fd(userns_fd, user));
	return record_call("mount_setattr %s '%s' 0x%x set 0x%llx clear 0x%llx "
			   "propagation 0x%llx%s",
			   record_fd(dir_fd, name), path, flags,
			   (unsigned long long)attr_set, (unsigned long long)attr_clr,
			   (unsigned long long)propagation, userns);
}

static const char *or_none(const char *s)
{
	return s ? s : "-";
}

int sys_mount(const char *source, const char *target, const char *type,
	      unsigned long flags, const char *data)
{
	return record_call("mount %s '%s' %s 0x%lx %s", or_none(source), target,
			   or_none(type), flags, or_none(data));
}

int sys_umount2(const char *target, int flags)
{
	return record_call("umount2 '%s' 0x%x", target, (unsigned)flags);
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return record_call("pivot_root '%s' '%s'", new_root, put_old);
}
