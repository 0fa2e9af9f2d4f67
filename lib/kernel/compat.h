/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compat.h - kernel constants that headers older than the kernel lack, under the
 * kernel's names and with its values, each behind #ifndef.
 *
 * Included by the headers of this room; the only file with such conditionals.
 */
#pragma once
/* filled by the kernel room: MOUNT_ATTR_*, OPEN_TREE_*, MOVE_MOUNT_*, AT_RECURSIVE,
 * RESOLVE_*, CLONE_NEWTIME, CLONE_INTO_CGROUP, PR_*, *_SUPER_MAGIC, P_PIDFD ... */
