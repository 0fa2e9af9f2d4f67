/* SPDX-License-Identifier: Apache-2.0 */
/* fs.h - a new instance of a file system. System calls only. */
#pragma once

#include <stdint.h>

#include "plan.h"

struct err;

/* The context of fsopen(2), of no more use, and the mount: neighbours, closed as one. */
struct new_fs {
	int context_fd, fd;
};
#define NEW_FS_NONE ((struct new_fs){ .context_fd = -EBADF, .fd = -EBADF })

/*
 * Make the file system of m, detached and with the flags attr. target_mode is the
 * st_mode of the directory it goes on if a tmpfs should take that over, else 0. What ret
 * holds is the caller's, on failure too. Errors point at what is wrong below the mount:
 * "/options/3".
 */
int fs_new(const struct plan_mount *m, uint64_t attr, unsigned target_mode,
	   struct new_fs *ret, struct err *e);

/*
 * By mount(2), onto the directory target_fd at once: for what only that can express.
 * Leaves "/" as the current directory.
 */
int fs_mount2(const struct plan_mount *m, uint64_t attr, unsigned target_mode,
	      int target_fd, struct err *e);

/* Change the super block under mount_fd: what "remount" says besides the mount's flags.
 */
int fs_reconfigure(const struct plan_mount *m, int mount_fd, struct err *e);
