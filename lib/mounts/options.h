/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - what the words in a mount's "options" mean.
 *
 * OCI: /mounts/N/options
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "plan.h"

struct err;

/*
 * Turn m->spec->options into the flags and file system options of *m, left to right:
 * of two that contradict each other the later one counts. m->spec must be set. With a
 * NULL arena the options are only checked. mount_index is N; errors point at
 * "/options/K".
 */
int options_plan(struct plan_mount *m, size_t mount_index, struct arena *a,
		 struct err *e);

/* The MOUNT_ATTR_* that a new mount of m has. */
uint64_t options_attr(const struct plan_mount *m);

/* The same flags as mount(2) calls them. */
unsigned long options_ms_flags(uint64_t attr);

/* Every option we know that is not the file system's own, sorted; NULL after the last. */
const char *mount_option_name(size_t i);
