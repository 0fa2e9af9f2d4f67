/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statx.c - the system call of statx.h.
 *
 * The kernel's struct by its offsets: libc's has the mount id only in versions newer
 * than the kernels it runs on.
 */
#include "kernel/statx.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/compat.h"
#include "kernel/ret.h"

#define ASK_MODE     0x0003u /* STATX_TYPE | STATX_MODE */
#define ASK_MOUNT_ID 0x1000u /* STATX_MNT_ID */

struct kernel_statx { /* struct statx */
	uint32_t mask, skipped[6];
	uint16_t mode, skipped_too;
	uint64_t skipped_three[14];
	uint64_t mount_id;
	uint64_t rest[13];
};
_Static_assert(offsetof(struct kernel_statx, mode) == 28, "stx_mode");
_Static_assert(offsetof(struct kernel_statx, mount_id) == 144, "stx_mnt_id");
_Static_assert(sizeof(struct kernel_statx) == 256, "struct statx");

static int ask(int dir_fd, const char *path, int flags, struct kernel_statx *ret)
{
	int r = ret_errno(
		syscall(SYS_statx, dir_fd, path, flags, ASK_MODE | ASK_MOUNT_ID, ret));

	if (r < 0)
		return r;
	return ret->mask & ASK_MOUNT_ID ? 0 : -EOPNOTSUPP;
}

int sys_mount_id(int fd, uint64_t *ret_id, unsigned *ret_mode)
{
	struct kernel_statx x = { 0 };
	int r = ask(fd, "", AT_EMPTY_PATH, &x);

	if (r < 0)
		return r;
	*ret_id = x.mount_id;
	if (ret_mode)
		*ret_mode = x.mode;
	return 0;
}

int sys_mount_id_at(int dir_fd, const char *path, uint64_t *ret_id)
{
	struct kernel_statx x = { 0 };
	int r = ask(dir_fd, path, 0, &x);

	if (r >= 0)
		*ret_id = x.mount_id;
	return r;
}
