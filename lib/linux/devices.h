/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.h - device nodes in the container.
 *
 * OCI: /linux/devices, and the default devices of config-linux.md
 */
#pragma once

#include "plan.h"

struct err;

int devices_check(const struct spec *s, struct err *e);

/* Fills p->devices, adds sources for those that have to be bound; needs p->mounts, p->ns.
 */
int devices_plan(const struct spec *s, const struct host *h, struct plan *p,
		 struct err *e);

/* Make the nodes below in->root_fd, after the mounts. */
int devices_init(const struct plan *p, struct inside *in, struct err *e);
