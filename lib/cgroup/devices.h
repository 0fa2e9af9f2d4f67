/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.h - which devices the processes of a cgroup may use.
 *
 * The rules of the config, in its order, between a first one that denies everything and
 * the default devices. Each later rule overrides the earlier ones for the devices and
 * kinds of access it names; an access of several kinds needs all of them allowed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cgroup_hierarchy;
struct err;
struct plan;
struct spec;

/* As the kernel's device programs number them. */
enum { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4, DEVICE_ACCESS = 7 };

struct device_rule {
	bool allow;
	char type;            /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: all */
	unsigned access;      /* DEVICE_* */
	size_t index; /* in /linux/resources/devices; SIZE_MAX: not of the config */
};

struct device_rules {
	struct device_rule *v;
	size_t n;
};

int device_rules_check(const struct spec *spec, struct err *e);

/* The complete list; what a later rule for all devices makes moot is left out. */
void device_rules_of(const struct spec *spec, struct arena *a, struct device_rules *ret);

/* Writes to the v1 controller where it is there, else plan->cgroup.device_prog. */
int device_rules_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		      struct plan *plan, struct err *e);

/* "/linux/resources/devices/N", or the list as such for a rule that is not in it. */
const char *device_rule_field(struct arena *a, const struct device_rule *rule);
