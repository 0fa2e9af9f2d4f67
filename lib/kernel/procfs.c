/* SPDX-License-Identifier: Apache-2.0 */
/* procfs.c - procfs by descriptor; see procfs.h, proc(5). */
#include "kernel/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/num.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/process.h"

#define PROC_ROOT_INODE 1

static int check_type(int fd)
{
	long type;
	int r = sys_fstatfs_type(fd, &type);

	if (r < 0)
		return r;
	return type == PROC_SUPER_MAGIC ? 0 : -EMEDIUMTYPE;
}

int procfs_new(void)
{
	autofd int fs_fd = sys_fsopen("proc", FSOPEN_CLOEXEC);
	autofd int fd = -EBADF;
	int r;

	if (fs_fd < 0)
		return fs_fd;
	r = sys_fsconfig_create(fs_fd);
	if (r < 0)
		return r;
	fd = sys_fsmount(fs_fd, FSMOUNT_CLOEXEC,
			 MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	if (fd < 0)
		return fd;
	r = check_type(fd);
	return r < 0 ? r : take_fd(&fd);
}

/* A directory of procfs bound on /proc has the type, but not the inode of a root. */
int procfs_mounted(void)
{
	autofd int fd =
		sys_openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
	struct stat st;
	int r;

	if (fd < 0)
		return fd;
	r = check_type(fd);
	if (r == 0)
		r = sys_fstat(fd, &st);
	if (r < 0)
		return r;
	return st.st_ino == PROC_ROOT_INODE ? take_fd(&fd) : -EMEDIUMTYPE;
}

static bool is_for_our_pids(int proc_fd)
{
	char self[16];
	uint64_t pid;

	if (sys_readlinkat(proc_fd, "self", self, sizeof(self)) < 0)
		return false;
	return num_parse_u64(self, &pid) == 0 && pid == (uint64_t)sys_getpid();
}

int procfs_host(void)
{
	autofd int fd = procfs_mounted();

	if (fd >= 0 && is_for_our_pids(fd))
		return take_fd(&fd);
	return procfs_new();
}

int procfs_open(int proc_fd, const char *path, int flags)
{
	autofd int fd =
		sys_openat2(proc_fd, path, flags | O_NOCTTY, 0,
			    RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
	int r;

	if (fd == -ENOSYS)
		fd = beneath_open(proc_fd, path, flags | O_NOCTTY);
	if (fd < 0)
		return fd;
	r = check_type(fd);
	return r < 0 ? r : take_fd(&fd);
}

int procfs_put(int proc_fd, const char *path, const char *text)
{
	autofd int fd = procfs_open(proc_fd, path, O_WRONLY);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = sys_write(fd, text, len);
	if (n < 0)
		return (int)n;
	return (size_t)n == len ? 0 : -EIO;
}
