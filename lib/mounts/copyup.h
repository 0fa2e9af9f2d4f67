/* SPDX-License-Identifier: Apache-2.0 */
/* copyup.h - tmpcopyup: what a tmpfs hides is found in it. System calls only. */
#pragma once

struct err;

/*
 * Copy the tree below directory from_fd into to_fd: contents, owners, modes (whatever
 * the umask is), symlinks, devices, FIFOs. Both may be O_PATH. Hard links become copies.
 * path is what messages call from_fd.
 */
int copyup(int from_fd, int to_fd, const char *path, struct err *e);
