/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks.h - run the programs of /hooks.
 *
 * Each gets the container's state as one line of JSON on stdin, exactly the
 * environment of the config (PATH alone if it gives none), and no descriptor of
 * ours. It runs in a session of its own; when its timeout passes, the whole
 * process group is killed. What it prints is kept for the error message.
 *
 * Nothing here allocates, so that init can run startContainer hooks.
 *
 * OCI: /hooks; runtime-spec config.md "POSIX-platform Hooks", runtime.md "Lifecycle".
 */
#pragma once

#include <sys/types.h>

struct err;
struct spec;

enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS
};

/* The state document around its two variable parts; see hooks_state_write() in hooks.c.
 */
struct hook_state {
	const char *head; /* {"ociVersion":"1.3.0","id":"web","status":" */
	const char *tail; /* ,"bundle":"/b","annotations":{...}} */
	int cancel_fd;    /* readable: kill the hook and give up (-EINTR); <= 0: none */
};

int hooks_check(const struct spec *s, struct err *e);

/* How many hooks of this kind are there? */
size_t hooks_count(const struct spec *s, enum hook_kind kind);

/*
 * Run all hooks of one kind, in order; the first failure ends it, with the pointer
 * of the hook, how it ended and the last lines it printed. join_pidfd >= 0: each is
 * run in the namespaces of that process (join_flags, CLONE_NEW*) instead of ours.
 * HOOK_POSTSTOP goes on after a failure, which is only a warning.
 */
int hooks_run(const struct spec *s, enum hook_kind kind, const struct hook_state *state,
	      const char *status, pid_t pid, int join_pidfd, int join_flags,
	      struct err *e);
