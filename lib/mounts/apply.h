/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.h - the container's mounts.
 *
 * OCI: /mounts
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"

struct err;

int mounts_check(const struct spec *s, struct err *e);

/* Fills p->mounts and appends to p->sources; needs p->root, p->ns and p->cgroup. */
int mounts_plan(const struct spec *s, const struct host *h, struct plan *p,
		struct err *e);

/* Mount entries from..to-1 below in->root_fd, in their order; closes what it attached. */
int mounts_init(const struct plan *p, struct inside *in, size_t from, size_t to,
		struct err *e);

/* "ro" of those in which things were still made: tmpfs, and whatever is /dev. */
int mounts_init_readonly(const struct plan *p, struct inside *in, struct err *e);

/*
 * The mounts' own propagation once more, after that of the whole tree was changed
 * (rootfsPropagation with an r-form).
 */
int mounts_init_propagation(const struct plan *p, struct inside *in, struct err *e);

/*
 * Is the mount with that id a file system in which nobody but this init can move names:
 * made new by this config, of a type that lives in memory alone?
 */
bool mounts_is_private(const struct plan *p, uint64_t id);

/*
 * Is the file fd refers to on the root mount, or on a file system that this config has
 * mounted new? What is on others may be the host's and in use there.
 */
bool mounts_is_own(const struct plan *p, const struct inside *in, int fd);
