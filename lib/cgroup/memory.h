/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - /linux/resources/memory where fields depend on each other; see knobs.h. */
#pragma once

#include <stdbool.h>

struct cgroup_hierarchy;
struct err;
struct plan;
struct spec;

int memory_check(const struct spec *spec, struct err *e);
int memory_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		struct plan *plan, struct err *e);

/*
 * checkBeforeUpdate: -EBUSY when the cgroup at `path` below root_fd uses more memory
 * than the new limit leaves it; 0 where the config does not ask.
 */
int memory_check_usage(const struct spec *spec, int root_fd, const char *path, bool v2,
		       struct err *e);
