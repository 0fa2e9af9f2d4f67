/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mount.h - the mount system calls, new API and old; no policy, see file.h.
 *
 * MOUNT_ATTR_*, OPEN_TREE_CLONE, MOVE_MOUNT_* and AT_RECURSIVE come from
 * kernel/compat.h, so that no other file needs <linux/mount.h> (which clashes
 * with <sys/mount.h>).
 */
#pragma once

#include <stdint.h>

#include "kernel/compat.h"

int sys_fsopen(const char *fs_name, unsigned flags);
int sys_fsconfig_flag(int fs_fd, const char *key);
int sys_fsconfig_string(int fs_fd, const char *key, const char *value);
int sys_fsconfig_fd(int fs_fd, const char *key, int fd);
int sys_fsconfig_create(int fs_fd);
int sys_fsconfig_reconfigure(int fs_fd);
/* The kernel's own words about the last failure on fs_fd, "" if it has none. */
void sys_fs_message(int fs_fd, char *buf, unsigned size);
int sys_fsmount(int fs_fd, unsigned flags, unsigned attr_flags);
int sys_fspick(int dir_fd, const char *path, unsigned flags);
int sys_open_tree(int dir_fd, const char *path,
		  unsigned flags); /* adds OPEN_TREE_CLOEXEC */
int sys_move_mount(int from_fd, const char *from, int to_fd, const char *to,
		   unsigned flags);
int sys_mount_setattr(int dir_fd, const char *path, unsigned flags, uint64_t attr_set,
		      uint64_t attr_clr, uint64_t propagation, int userns_fd);
int sys_mount(const char *source, const char *target, const char *type,
	      unsigned long flags, const char *data);
int sys_umount2(const char *target, int flags);
int sys_pivot_root(const char *new_root, const char *put_old);
