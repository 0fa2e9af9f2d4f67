/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysctl.h - kernel parameters of the container's namespaces.
 *
 * OCI: /linux/sysctl
 *
 * Only what the kernel keeps per namespace, and only where the container has such a
 * namespace of its own: anything else would change the host.
 */
#pragma once

#include "plan.h"

struct err;

int sysctl_check(const struct spec *s, struct err *e);
int sysctl_plan(const struct spec *s, const struct host *h, struct plan *p,
		struct err *e);

/*
 * After namespaces_host_open(): a joined network namespace that is the caller's own is
 * the host's, whatever path leads to it.
 */
int sysctl_host(const struct plan *p, const struct inside *in, struct err *e);

/* Write them all through in->proc_fd. */
int sysctl_init(const struct plan *p, struct inside *in, struct err *e);
