/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beneath.h - the one way to reach a path inside a rootfs.
 *
 * The rootfs is hostile: any component may be, or become, a symlink to the host.
 * Every function resolves below root_fd as if it were "/" (openat2 RESOLVE_IN_ROOT
 * with RESOLVE_NO_MAGICLINKS, EAGAIN retried until a deadline of 1 s; a component
 * walk by O_PATH | O_NOFOLLOW where the kernel has no openat2), and what is created
 * is created relative to a verified parent descriptor, O_EXCL and never through a
 * symlink. Negative errno on failure; descriptors are O_CLOEXEC and the caller's.
 *
 * CVE-2021-30465, CVE-2024-45310, CVE-2026-41579, CVE-2026-47766, CVE-2026-88264.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Open an existing path; flags as open(2) (O_PATH for mount targets). */
int beneath_open(int root_fd, const char *path, int flags);

/* The same, and the last component must not be a symlink (-ELOOP). */
int beneath_open_nofollow(int root_fd, const char *path, int flags);

/* Open a path no component of which may be a symlink (-ELOOP): /proc and /sys targets. */
int beneath_open_strict(int root_fd, const char *path, int flags);

/* mkdir -p, umask-independent; returns an O_PATH descriptor of the directory. */
int beneath_mkdir_all(int root_fd, const char *path, unsigned mode);

/*
 * The target of a mount: open it O_PATH, or create it as a directory or an empty
 * file (parents too, 0755). *ret_made tells whether it was created.
 */
int beneath_open_or_make(int root_fd, const char *path, bool is_dir, bool *ret_made);

/*
 * O_PATH descriptor of path's parent directory (created when make_parents) and the
 * last component in name; for mknodat, symlinkat, unlinkat. -EINVAL for "/".
 */
int beneath_parent(int root_fd, const char *path, bool make_parents, char *name,
		   size_t size);
