/* SPDX-License-Identifier: Apache-2.0 */
/*
 * freeze.h - stop all processes of a cgroup, and let them go on.
 *
 * Freezing waits until the kernel says that it is done, 10 s at most; if it does not
 * come to that, or fails, everything is thawed again. Thawing does not wait.
 */
#pragma once

#include <stdbool.h>

struct cgroup_dirs;
struct err;

int freeze_dirs(const struct cgroup_dirs *d, struct err *e);
int thaw_dirs(const struct cgroup_dirs *d, struct err *e);

/* 1: frozen, or an ancestor is; 0: not; -errno. */
int dirs_are_frozen(const struct cgroup_dirs *d);
