/* SPDX-License-Identifier: Apache-2.0 */
/* dev.h - the links that belong into /dev. */
#pragma once

#include "plan.h"

struct err;

/* ptmx, fd, stdin, stdout, stderr and core, right after devices_init(). */
int dev_init(const struct plan *p, struct inside *in, struct err *e);
