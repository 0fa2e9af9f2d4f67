/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beneath-walk.h - openat2 RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS without openat2.
 *
 * Internal to this room: beneath.c takes this way where the kernel, or a filter that
 * tare itself runs under, does not know openat2. A header of its own lets the unit
 * test hold both ways against one another.
 *
 * One component at a time by O_PATH | O_NOFOLLOW, symlinks resolved here, ".." by
 * walking down again from the root: no step can leave the root, whatever is renamed
 * meanwhile. Differs from openat2 in two ways, both refusals: a path that symlinks
 * make longer than 2 * PATH_MAX is -ENAMETOOLONG, one that takes more than 65,536
 * opens is -ELOOP. fs.protected_symlinks is not applied.
 */
#pragma once

#include <stdbool.h>

/*
 * flags as open(2) without O_CREAT; no_symlinks as RESOLVE_NO_SYMLINKS. A descriptor
 * or -errno; -EAGAIN when a rename got in between and a retry is due.
 */
int beneath_walk(int root_fd, const char *path, int flags, bool no_symlinks);
