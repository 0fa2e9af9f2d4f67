/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procfs.h - init's own procfs, in in->proc_fd.
 *
 * Every later step that writes to or reads from procfs goes through this handle and
 * kernel/procfs.h, never through the /proc that the config or the image provides.
 */
#pragma once

#include "plan.h"

struct err;

/*
 * To be called in the container's pid namespace, before the pivot: where no new
 * instance can be had, the host's own is taken, which the pivot puts out of reach.
 */
int procfs_init(const struct plan *p, struct inside *in, struct err *e);
