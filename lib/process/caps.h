/* SPDX-License-Identifier: Apache-2.0 */
/*
 * caps.h - the five capability sets of the container's process.
 *
 * OCI: /process/capabilities
 *
 * Absent means none. A set's name that is unknown, or that this caller cannot grant,
 * is left out with one warning for all of them, as the specification asks: it makes
 * the container weaker, never stronger. The plan holds what is left.
 */
#pragma once

#include <stdint.h>

#include "plan.h"

struct err;

/* "CAP_CHOWN" for 0; NULL for a number without a name. */
const char *caps_name(int cap);
/* How many have a name: numbers 0 .. n-1. */
int caps_count(void);
/* The number of a name, with or without "CAP_", in any case; -EINVAL for none. */
int caps_parse(const char *name);

int caps_check(const struct spec *s, struct err *e);
int caps_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e);

/* Drop from the bounding set, while CAP_SETPCAP is still there. */
int caps_init_bounding(const struct plan *p, struct inside *in, struct err *e);
/* After the ids have changed: permitted, effective, inheritable, ambient. */
int caps_init_set(const struct plan *p, struct inside *in, struct err *e);

/*
 * Read everything back that confines: ids, groups, no_new_privs, the five sets. Any
 * difference from the plan fails. Before the filter is loaded, which may refuse the
 * questions.
 */
int caps_init_verify(const struct plan *p, struct inside *in, struct err *e);
