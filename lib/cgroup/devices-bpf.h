/* SPDX-License-Identifier: Apache-2.0 */
/* devices-bpf.h - device rules for v2: a program attached to the cgroup. */
#pragma once

struct device_rules;
struct err;
struct plan;

/* Fills plan->cgroup.device_prog; none where everything is allowed. */
void device_bpf_plan(const struct device_rules *rules, struct plan *plan);

/*
 * Load the planned program and put it in the place of those that are attached to the
 * cgroup; no program takes them off. Never a moment without any of them.
 */
int device_bpf_apply(const struct plan *plan, int cgroup_fd, struct err *e);
