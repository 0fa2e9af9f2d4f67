/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.h - a pseudo-terminal for the container's process.
 *
 * OCI: /process/terminal, /process/consoleSize
 *
 * It is made inside, by the container's own devpts, so that its name means the same
 * there as everywhere; the master side goes to the host, which hands it to whoever
 * listens on the console socket or keeps it for a foreground run.
 */
#pragma once

#include "plan.h"

struct err;

int terminal_check(const struct spec *s, struct err *e);

/* Somebody must get the master side, if there is one: see --console-socket. */
int terminal_check_options(const struct spec *s, const struct options *o, struct err *e);

/*
 * Open a pair, give it to the user, put it on /dev/console (not for exec, not without
 * a mount namespace). in->console_fd is the container's side; the caller owns
 * *ret_master_fd. Without a terminal in the config nothing is done and *ret_master_fd
 * is -EBADF. After the pivot, before the root becomes read-only to init.
 */
int terminal_init(const struct plan *p, struct inside *in, int *ret_master_fd,
		  struct err *e);

/*
 * Make in->console_fd, if there is one, the controlling terminal and descriptors 0 to
 * 2. The caller is the leader of a session without a terminal.
 */
int terminal_init_stdio(const struct plan *p, struct inside *in, struct err *e);

/* Send the master to the listener at path, as engines expect it: one message, one fd. */
int terminal_host_send(const char *path, int master_fd, struct err *e);
