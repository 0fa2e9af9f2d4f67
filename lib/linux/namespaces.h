/* SPDX-License-Identifier: Apache-2.0 */
/*
 * namespaces.h - which namespaces the container has, and how init gets into them.
 *
 * OCI: /linux/namespaces
 *
 * init takes, in this order,
 *
 *   namespaces_init_before_user()  what the caller's credentials can join
 *   namespaces_init_user()         the user namespace; a new one then waits for its
 *                                  maps (IDMAP), and init becomes 0:0 in it
 *   namespaces_init_after_user()   what only the user namespace's root can join, and
 *                                  every new one, so that it belongs to that root
 *
 * Without a foreign user namespace in play (namespaces_by_clone()) the new ones are
 * there already, made by clone3 all at once, and the last two find little to do.
 *
 * A pid namespace that is joined or unshared holds children only: init forks once
 * more for it, right after namespaces_init_pid().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct err;

/* "network", as config.json calls it; never NULL for a kind. */
const char *namespaces_name(enum ns_kind kind);
uint64_t namespaces_flag(enum ns_kind kind); /* CLONE_NEWNET */
/* The kind of that name or flag, -EINVAL for none. */
int namespaces_kind(const char *name);
int namespaces_kind_of_flag(uint64_t flag);

/* Does the config give the container one of that kind: any, a new, a joined one? */
bool namespaces_has(const struct spec *s, enum ns_kind kind);
bool namespaces_is_new(const struct spec *s, enum ns_kind kind);
bool namespaces_is_joined(const struct spec *s, enum ns_kind kind);

int namespaces_check(const struct spec *s, struct err *e);
int namespaces_plan(const struct spec *s, const struct host *h, struct plan *p,
		    struct err *e);

/* May clone3 make the new ones at once (all but cgroup and time)? */
bool namespaces_by_clone(const struct plan *p);

/*
 * Open every joined namespace and prove that it is one, of the right kind. A user
 * namespace that is the caller's own is left closed: entering it again is refused by
 * the kernel, and it is where init already is. On failure what was opened stays in
 * in->ns_fd, for whoever owns that.
 */
int namespaces_host_open(const struct plan *p, struct inside *in, struct err *e);

/* Each closes the descriptors of what it joined. */
int namespaces_init_before_user(const struct plan *p, struct inside *in, struct err *e);
int namespaces_init_user(const struct plan *p, struct inside *in, struct err *e);
int namespaces_init_after_user(const struct plan *p, struct inside *in, struct err *e);
/* Nothing to do when namespaces_init_before_user() had to join it. */
int namespaces_init_pid(const struct plan *p, struct inside *in, struct err *e);
