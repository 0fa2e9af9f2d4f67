/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fs.h - cgroups made and removed as directories, without asking anyone.
 *
 * Other containers come and go in the same parents at the same time: a parent that
 * disappears between two steps is made again, one that is in use stays.
 */
#pragma once

#include <stdbool.h>

struct cgroup_dir;
struct cgroup_dirs;
struct err;
struct plan;

/*
 * Refuse a cgroup that is there already and has processes or is frozen. *ret_made is
 * what held.cgroup_made is to say (dirs.h), in the plan's arena. Changes nothing.
 */
int fs_survey(const struct cgroup_dirs *d, struct plan *plan, const char **ret_made,
	      struct err *e);

/* Make the directories, enable v2 controllers on the way, seed cpusets; notes what is
 * new. */
int fs_make(struct cgroup_dirs *d, const struct plan *plan, struct err *e);

/*
 * Refuse a cgroup with processes, or a frozen one: a new one is born frozen below a
 * frozen parent, and a process cloned into it would not run its first instruction.
 */
int fs_check_usable(const struct cgroup_dirs *d, struct err *e);

/*
 * Kill what is in the cgroup, wait until it is empty, remove it with all below it and
 * the parents that `made` says are ours; 10 s at most. Nothing there is success.
 */
int fs_remove(const struct cgroup_dirs *d, const char *made, struct err *e);

/* The same without killing: what is in use stays. */
void fs_remove_empty(const struct cgroup_dirs *d, const char *made);
