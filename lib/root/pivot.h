/* SPDX-License-Identifier: Apache-2.0 */
/* pivot.h - make in->root_fd the "/" of the process, and the host's unreachable. */
#pragma once

#include "plan.h"

struct err;

/* pivot_root, with --no-pivot a move over "/", without a mount namespace a chroot. */
int pivot_init(const struct plan *p, struct inside *in, struct err *e);
