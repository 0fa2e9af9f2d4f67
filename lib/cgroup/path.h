/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - which cgroup /linux/cgroupsPath means. */
#pragma once

struct arena;
struct err;

/*
 * The cgroup below each hierarchy's root, absolute and lexically clean: an absolute path
 * as it is, a relative one and the absent one (NULL, "") below /tare. Refuses "..", the
 * root itself, control characters, and the slice:prefix:name form of the systemd driver.
 */
int cgroup_path_plan(const char *cgroups_path, const char *id, struct arena *a,
		     const char **ret, struct err *e);

/* The parent that is ours by name, and removed whenever it is empty. */
#define CGROUP_DEFAULT_PARENT "tare"
