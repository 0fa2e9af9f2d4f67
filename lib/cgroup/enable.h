/* SPDX-License-Identifier: Apache-2.0 */
/* enable.h - hand v2 controllers down to a cgroup. */
#pragma once

struct cgroup_dir;
struct err;
struct plan;

/*
 * Write cgroup.subtree_control of the root and of every parent of `path`, which must
 * exist. What the plan writes to is needed: an error names the controller and where it
 * stops. The others are enabled where that works.
 */
int controllers_enable(const struct cgroup_dir *v2, const char *path,
		       const struct plan *plan, struct err *e);
