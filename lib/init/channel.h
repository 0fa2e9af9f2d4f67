/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel.h - what init and the host say to each other while a container is made.
 *
 * One SEQPACKET socket pair; a message is one datagram: struct chan_head, a plain
 * payload, at most CHAN_MAX_FDS descriptors. Init leads: it asks, the host serves
 * and answers OK or ERROR. Init of the common case (no user namespace, no hooks)
 * says one thing only: CREATED.
 *
 *  type     direction     arg            payload     answer        served by
 *  LOG      init -> host  level          text        -             base/log
 *  ERROR    both          -              struct err  ends it       -
 *  PID      init -> host  pid            1 fd: pidfd OK            init/serve
 *  CGROUP   init -> host  -              -           OK            cgroup manager
 *  IDMAP    init -> host  -              -           OK            linux/idmap
 *  SOURCE   init -> host  source index   -           OK + 1 fd     mounts/source
 *  HOOKS    init -> host  hook, own pid  -           OK            init/hooks
 *  CONSOLE  init -> host  -              1 fd        OK            process/terminal
 *  CREATED  init -> host  -              -           OK, once state.json is on disk
 *  OK       host -> init  -              0 or 1 fd   -             -
 *
 * An unknown type or a datagram of the wrong length is a protocol error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum chan_type {
	CHAN_LOG = 1,
	CHAN_ERROR,
	CHAN_PID,
	CHAN_CGROUP,
	CHAN_IDMAP,
	CHAN_SOURCE,
	CHAN_HOOKS,
	CHAN_CONSOLE,
	CHAN_CREATED,
	CHAN_OK,
	CHAN_TYPES
};

/* HOOKS: the kind, and init's pid as its own pid namespace has it. */
#define CHAN_HOOK_ARG(kind, pid) ((uint32_t)(kind) | (uint32_t)(pid) << 3)
#define CHAN_HOOK_KIND(arg)      ((arg)&7u)
#define CHAN_HOOK_PID(arg)       ((pid_t)((arg) >> 3))

#define CHAN_MAX_FDS   1
#define CHAN_TEXT_SIZE 1024

struct chan_head {
	uint32_t type, arg;
};

struct chan_msg {
	uint32_t type, arg;
	size_t len; /* of the payload */
	union {
		struct err err;
		char text[CHAN_TEXT_SIZE];
	};
	int fd; /* received with it, owned; -EBADF: none */
};

const char *chan_type_name(uint32_t type);

/* Send one message; fd -EBADF: none. Returns 0 or -errno. */
int chan_send(int chan_fd, enum chan_type type, uint32_t arg, const void *payload,
	      size_t len, int fd);

/*
 * Receive one message that is known to be there or on its way; blocks. Returns 1, 0
 * at end of file, -errno otherwise. LOG text and errors come out terminated.
 */
int chan_recv(int chan_fd, struct chan_msg *ret, struct err *e);

/*
 * Init's side of a request: send, wait for the answer. An ERROR answer becomes *e.
 * ret_fd NULL: the answer must carry no descriptor.
 */
int chan_ask(int chan_fd, enum chan_type type, uint32_t arg, int fd, int *ret_fd,
	     struct err *e);
