/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idmap.h - the ids of the container's user namespace.
 *
 * OCI: /linux/uidMappings, /linux/gidMappings
 *
 * The maps belong to a new user namespace and are written by the host, once init is
 * in it: the kernel lets only a process of the parent namespace map more than one id.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan.h"

struct err;

int idmap_check(const struct spec *s, struct err *e);
int idmap_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e);

/*
 * The host's id of a container's id, (uint32_t)-1 when it is not mapped. Not for a
 * joined user namespace, whose maps the config does not know.
 */
uint32_t idmap_to_host(const struct spec_id_mapping_list *l, uint32_t container_id);

/* Write the planned maps of process pid; nothing to do without a new user namespace. */
int idmap_host_write(const struct plan *p, pid_t pid, struct err *e);

/*
 * After the maps are there (or the user namespace was joined): ids 0:0 in it. The
 * groups are left to process/user.c. Clears PDEATHSIG. Nothing to do without a user
 * namespace.
 */
int idmap_init_become_root(const struct plan *p, struct inside *in, struct err *e);
