/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - what init attaches from outside the container: listed while planning,
 * cloned as detached trees by the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"

struct err;

/*
 * Append to p->sources; the index. path must be absolute; path and field live as long
 * as the plan. field is the JSON pointer of errors, NULL when no field names it.
 */
size_t source_add(struct plan *p, const char *path, bool recursive, bool is_device,
		  const char *field);

/*
 * Clone source i with the mounts below it if it is recursive. Without a user namespace
 * the host calls this before the clone; with one a child of the host that has joined
 * init's mount namespace does, so that the flags of the host's mounts stay locked.
 * Changes nothing in the calling process. *ret_fd is the caller's.
 */
int source_open(const struct plan *p, size_t i, int *ret_fd, struct err *e);
