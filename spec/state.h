/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - state.json: what the next tare has to know about a container.
 *
 * Written as the intent before the first side effect ("creating") and again when
 * something is known for sure; read by every command. Its reader trusts nobody: the
 * file is parsed as strictly as a config.json.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/config.h"

struct err;
struct str;

struct spec_state {
	const char *oci_version, *id;
	const char *status;  /* "creating" or "created": what later ones are is seen */
	const char *bundle;  /* absolute */
	const char *rootfs;  /* absolute */
	const char *config;  /* the file that was read, absolute; NULL: in the bundle */
	const char *created; /* RFC 3339, UTC */
	const char *owner;   /* name of the user, or the uid in digits */
	uint32_t pid;        /* of init on the host; 0 before the clone */
	uint64_t start_time; /* of pid */
	const char *cgroup_manager; /* "cgroupfs", "disabled" */
	const char *cgroup_path;    /* "" when none */
	const char *cgroup_made;    /* topmost component of it that we made */
	uint32_t cgroup_v1_joined;  /* bit n: v1 hierarchy n */
	bool no_pivot; /* its root is not that of its mount namespace: for exec */
	struct str_map annotations;
};

/* Strings go into *arena, of the caller; *ret is written on success only. */
int state_parse(const char *text, size_t len, struct arena *arena, struct spec_state *ret,
		struct err *e);

/* Append it to *out, compact. Fails when a path is not UTF-8 (ERR_CONFIG). */
int state_emit(const struct spec_state *s, struct str *out, struct err *e);

/*
 * The OCI state document that hooks read, compact, cut where status and pid belong:
 * head STATUS `","pid":PID` tail. Both strings are in the arena.
 */
void emit_hook_state(struct arena *arena, const struct spec_state *s,
		     const char **ret_head, const char **ret_tail);
