/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths.h - what of the container's tree is read-only, and what is hidden.
 *
 * OCI: /linux/readonlyPaths /linux/maskedPaths
 */
#pragma once

#include "plan.h"

struct err;

int paths_check(const struct spec *s, struct err *e);

/* Adds the source that files are masked with. */
int paths_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e);

/* After the pivot; the masks last, so that they cover what is read-only. */
int paths_init_readonly(const struct plan *p, struct inside *in, struct err *e);
int paths_init_masked(const struct plan *p, struct inside *in, struct err *e);
