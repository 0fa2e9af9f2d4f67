/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.h - the bootstrap of one process into a container, both ends of it.
 *
 * The host fills a struct boot, boot_spawn() clones init, boot_serve() answers what
 * init asks until it says CREATED; from then on init waits for boot_release(). The
 * child works on its copy of the same struct: enter.c walks steps.c with it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "init/hooks.h"
#include "plan.h"

struct err;

/* Shared with init: how far it got, for when it dies without a word. */
struct breadcrumb {
	int step; /* index in init_steps[] */
};

struct boot {
	const struct plan *plan;
	struct inside in;
	struct hook_state hook_state;

	int chan_fd;             /* the host's end of the channel */
	int init_chan_fd;        /* init's end; closed on the host after the clone */
	int go_fd, why_fd;       /* init's ends of the start FIFOs; -EBADF for exec */
	const struct held *held; /* for a cgroup that cannot be cloned into; borrowed */
	bool ask_cgroup;         /* init must ask to be moved there */
	int cgroup_fd;           /* v2 directory to clone into, -EBADF: none */
	int cancel_fd;           /* readable: give up; borrowed, -EBADF: none */

	/* exec only: the container to join */
	int target_pidfd;
	int target_flags;   /* CLONE_NEW* in which it differs from us */
	int target_root_fd; /* its root, when that is not its mount namespace's; -EBADF */

	int *keep_fd; /* every descriptor init may keep, ascending */
	size_t n_keep;

	volatile struct breadcrumb *crumb;
	pid_t pid;
	int pidfd;
	int console_fd; /* master side, from init */
};

void boot_init(struct boot *b, const struct plan *plan);
void boot_close(struct boot *b);

/* Prepare channel, breadcrumb and the list of descriptors, then clone. b->pid is set. */
int boot_spawn(struct boot *b, struct err *e);

/*
 * Serve until CREATED (0). An error of init, its death, cancel_fd or the deadline of
 * BOOT_DEADLINE_MS without a word from it return -errno.
 */
#define BOOT_DEADLINE_MS 120000
int boot_serve(struct boot *b, struct err *e);

/* Let init go on: OK to CREATED. exec: then also wait until execve has happened. */
int boot_release(struct boot *b, struct err *e);

/* Kill what was spawned and reap it, 10 s at most; harmless when there is nothing. */
#define BOOT_KILL_MS 10000
int boot_kill(struct boot *b, struct err *e);
/* Wait BOOT_KILL_MS at most for a process that was sent SIGKILL; it need not be a child.
 */
int boot_await_end(int pidfd, struct err *e);

/*
 * The start protocol (architecture, "Start"): let the init behind state directory
 * dir_fd go, wait until the user's program runs.
 */
int boot_make_fifos(int dir_fd, struct boot *b, struct err *e);
int boot_start(int dir_fd, int pidfd, struct err *e);
/* Is an init waiting to be started? (bool, or -errno) */
int boot_is_waiting(int dir_fd);

/* init's side; steps.c */
struct init_step {
	const char *name;
	const char *field; /* OCI field it carries out, or NULL */
	unsigned when;
	int (*run)(struct boot *b, struct err *e);
};
#define WHEN_CREATE 1u
#define WHEN_EXEC   2u

extern const struct init_step init_steps[];
extern const size_t n_init_steps;
const char *init_step_name(int index);

/* The child: never returns. */
_Noreturn void init_main(struct boot *b);
/* Fork the next stage as a child of the host, in what was unshared or joined; the
 * caller's side ends. */
int init_next_stage(struct boot *b, struct err *e);
/* Die with the host from here on; to be called again whenever ids changed. */
int init_bind_to_host(struct boot *b, struct err *e);
/* Tell `start` that only the program is still to come; that nobody reads is no harm. */
ssize_t init_say_ready(const struct boot *b);
/* Wait for `start`. */
int init_hold(struct boot *b, struct err *e);
