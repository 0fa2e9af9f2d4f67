/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statx.h - what only statx(2) tells of a file; no policy, see file.h.
 */
#pragma once

#include <stdint.h>

/*
 * The id of the mount that fd is on, as in the first column of mountinfo, and, unless
 * ret_mode is NULL, st_mode. -EOPNOTSUPP where the kernel does not tell (before 5.8).
 */
int sys_mount_id(int fd, uint64_t *ret_id, unsigned *ret_mode);

/* The same for what path leads to, symlinks followed. */
int sys_mount_id_at(int dir_fd, const char *path, uint64_t *ret_id);
