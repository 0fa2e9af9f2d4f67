/* SPDX-License-Identifier: Apache-2.0 */
/* cpuset.h - make a new v1 cpuset usable. */
#pragma once

struct cgroup_dir;
struct err;

/*
 * A v1 cpuset starts without CPUs and memory nodes and then takes no process: give the
 * cgroup and its parents those of the one above, where they have none.
 */
int cpuset_seed(const struct cgroup_dir *d, const char *path, struct err *e);
