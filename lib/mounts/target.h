/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h - where a mount goes: the destination, resolved beneath the root.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct err;

struct target {
	int fd; /* O_PATH */
	bool made;
	bool is_dir;
	unsigned mode;     /* st_mode */
	uint64_t mount_id; /* of the mount it is on */
};

/*
 * Find m's destination or make it, as a directory or as an empty file. procfs and sysfs
 * go on ordinary directories only, below no symlink (CVE-2019-19921). t->fd is the
 * caller's, -EBADF on failure.
 */
int target_open(const struct inside *in, const struct plan_mount *m, bool is_dir,
		struct target *t, struct err *e);

/*
 * Refuse what would cover part of the container's procfs, except the few files that
 * lxcfs and its like provide; mount_fd (O_PATH, or -EBADF for what is not there yet) is
 * what is going to be mounted (CVE-2019-16884, CVE-2025-52881).
 */
int target_guard_proc(const struct plan_mount *m, const struct target *t, int mount_fd,
		      struct err *e);

/* Must every component of the destination be no symlink? */
bool target_is_strict(const struct plan_mount *m);
