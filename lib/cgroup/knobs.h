/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knobs.h - /linux/resources as a list of values to write.
 *
 * Planning decides everything: which file of which hierarchy, the value in its terms,
 * and that the controller is there at all. Applying only writes, in this order.
 */
#pragma once

#include <stdbool.h>

#include "cgroup/hierarchy.h"

struct err;
struct plan;
struct plan_cgroup_write;
struct spec;

/* Host-independent rules; plan appends to plan->cgroup.write. */
int knobs_check(const struct spec *spec, struct err *e);
int knobs_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
	       struct plan *plan, struct err *e);

/*
 * Where a controller is: *ret_v2 tells. ERR_UNSUPPORTED at the pointer `field`, naming
 * controller and file (one of the two names may be NULL), when it is nowhere.
 */
int knobs_find(const struct cgroup_hierarchy *h, enum cgroup_controller c,
	       const char *v1_file, const char *v2_file, const char *field, bool *ret_v2,
	       struct err *e);

/* Append; the strings must live as long as the plan. The result may be added to. */
struct plan_cgroup_write *knobs_add(struct plan *plan, const char *controller,
				    const char *file, const char *value,
				    const char *field);
