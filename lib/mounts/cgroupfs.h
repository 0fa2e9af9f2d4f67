/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroupfs.h - a mount of type "cgroup": the container's view of its own cgroups.
 */
#pragma once

#include "plan.h"

struct err;

/* Adds the sources of m, entry i of /mounts, where they have to be bound. */
int cgroupfs_plan(const struct host *h, struct plan *p, struct plan_mount *m, size_t i,
		  struct err *e);

/* Mount it onto m's destination and whatever belongs below that. */
int cgroupfs_mount(const struct plan *p, struct inside *in, const struct plan_mount *m,
		   struct err *e);
