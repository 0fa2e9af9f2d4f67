/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uts.h - the names of the host that the container sees.
 *
 * OCI: /hostname, /domainname
 */
#pragma once

#include "plan.h"

struct err;

/* A name needs a uts namespace, new or joined: else it would rename the host. */
int uts_check(const struct spec *s, struct err *e);
int uts_init(const struct plan *p, struct inside *in, struct err *e);
