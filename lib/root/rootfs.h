/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rootfs.h - the container's root file system and how its mounts propagate.
 *
 * OCI: /root/path /root/readonly /linux/rootfsPropagation
 */
#pragma once

#include "plan.h"

struct err;

int rootfs_check(const struct spec *s, struct err *e);

/* Fills p->root and adds its source; needs p->ns and p->options. */
int rootfs_plan(const struct spec *s, const struct host *h, struct plan *p,
		struct err *e);

/* First of all mount steps: nothing of the new mount namespace reaches the host. */
int rootfs_init_propagation(const struct plan *p, struct inside *in, struct err *e);

/* Attach the root's clone, or open the directory to chroot into; sets in->root_fd. */
int rootfs_init_attach(const struct plan *p, struct inside *in, struct err *e);

/* root.readonly: the root mount itself, after everything was made in it. */
int rootfs_init_readonly(const struct plan *p, struct inside *in, struct err *e);

/* rootfsPropagation of the root, after the pivot. */
int rootfs_init_final_propagation(const struct plan *p, struct inside *in, struct err *e);
