/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - the state directory and state.json.
 *
 * <root>/<id>/ is 0700 and holds state.json (always replaced by rename), a copy of
 * config.json as it was at create, and the start FIFOs. The intent - id, cgroup to
 * be made - is written before the first side effect, so that `delete --force` finds
 * after a SIGKILL at any instant what there may be to remove. A directory without
 * state.json is a create that died before it had done anything.
 */
#pragma once

struct tare_container;
struct err;

/* Reserve the id: make the directory, lock it, save the config; no state.json yet. */
int state_make(struct tare_container *c, struct err *e);
/* Remove everything below the directory and the directory; absent is success. */
int state_remove(struct tare_container *c, struct err *e);

/* Write state.json from c->state and c->held. */
int state_write(struct tare_container *c, struct err *e);

/* Read it into c->state and c->held; -ENOENT: no such container, -ENODATA: a dead create.
 */
int state_read(struct tare_container *c, struct err *e);
