/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container.h - the object all verbs work on.
 *
 * Made by container_new() for create, by tare_load() from state.json otherwise.
 * Everything it points to is its own and goes with tare_free(); only what is in
 * `held` outlives the process, and that is what state.json says.
 */
#pragma once

#include "base/arena.h"
#include "init/boot.h"
#include "plan.h"
#include "spec/state.h"
#include "tare.h"

struct tare_container {
	struct arena arena;
	const char *root; /* state root, absolute or as given */
	int root_fd;      /* state root, O_PATH */
	int dir_fd;       /* state directory; holds the lock while locked */
	bool locked;
	bool made_dir;           /* by this process: nobody else's to remove */
	struct spec_state state; /* state.json, its strings in the arena */
	struct held held;
	struct hook_state hook_state;

	/* Of create and exec only. */
	const struct tare_create_args *args;
	struct options options;
	struct host host;
	struct spec *spec;
	struct spec
		*process_spec; /* of `exec --process`: owns what spec->process borrows */
	struct plan plan;
	struct boot boot;
};

/* An empty one for an id that has been checked; opens (and, if make, makes) the state
 * root. */
int container_new(const char *root, const char *id, bool make,
		  struct tare_container **ret, struct err *e);

/* Load what state directory `id` says; -ENOENT and ERR_STATE when there is none. */
int container_load(const char *root, const char *id, struct tare_container **ret,
		   struct err *e);

/* Is the text an id? [A-Za-z0-9_+.-]{1,255}, neither "." nor "..". */
int container_check_id(const char *id, struct err *e);

/* The saved copy of config.json. */
int container_load_spec(struct tare_container *c, struct err *e);

/* Probe the machine into c->host. */
int container_probe_host(struct tare_container *c, struct err *e);

/* What init is doing now. What cannot be asked is an error, not an answer. */
int container_status(struct tare_container *c, enum tare_status *ret, struct err *e);

/* A pidfd of init, verified by its start time; -ESRCH: it is gone. */
int container_open_init(const struct tare_container *c, int *ret_pidfd);

/* The state document that hooks read on stdin, around status and pid. */
void container_hook_state(struct tare_container *c);
int container_run_hooks(struct tare_container *c, enum hook_kind kind, struct err *e);

/* The host steps of create (create.c); `delete` walks them backwards. */
int create_undo(struct tare_container *c, struct err *e);
