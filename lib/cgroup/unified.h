/* SPDX-License-Identifier: Apache-2.0 */
/* unified.h - /linux/resources/unified, v2 files by name; see knobs.h. */
#pragma once

struct cgroup_hierarchy;
struct err;
struct plan;
struct spec;

int unified_check(const struct spec *spec, struct err *e);
int unified_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		 struct plan *plan, struct err *e);
