/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netdev.h - the network devices of the container.
 *
 * A new network namespace has a loopback that is down; the specification does not
 * ask for it, every program does.
 */
#pragma once

#include "plan.h"

struct err;

/* Loopback up in a new network namespace; a joined one is left as its owner made it. */
int netdev_init(const struct plan *p, struct inside *in, struct err *e);
