/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup.h - the container's cgroup: made before its first process, gone after its last.
 *
 * Verbs of create, in this order: check, plan, intend, host, apply, then open_dir and
 * open_tasks for the clone. Everything that takes only `held` also works in another
 * process, from what state.json says, and does nothing, successfully, without a cgroup
 * (cgroup_path NULL or ""). held->cgroup, if set, is used instead of probing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct held;
struct host;
struct plan;
struct spec;

int cgroup_check(const struct spec *spec, struct err *e);

/*
 * Fill plan->cgroup: path, hierarchies to join, every value to write, the device program.
 * Needs plan->options and host->cgroup. A limit whose controller is not there is refused
 * by name.
 */
int cgroup_plan(const struct spec *spec, const struct host *host, struct plan *plan,
		struct err *e);

/*
 * Fill held->cgroup_*, and make nothing: state.json is to have it first. Refuses a cgroup
 * that is there with processes, or frozen, and then leaves held->cgroup_path NULL, so
 * that no undo ever touches it.
 */
int cgroup_intend(struct plan *plan, struct held *held, struct err *e);

/* Make the directories, after cgroup_intend() if that has not been done. */
int cgroup_host(struct plan *plan, struct held *held, struct err *e);

/* Write limits and device rules. */
int cgroup_apply(const struct plan *plan, const struct held *held, struct err *e);

/*
 * O_PATH descriptor of the v2 directory for CLONE_INTO_CGROUP; -ENOENT, with *e empty,
 * when v2 is not mounted; -ESTALE when it has no such cgroup (any more). With a pids
 * limit of 0 the clone says EAGAIN, and EBUSY once the container has cgroups of its own
 * below: then clone without, and use cgroup_open_dir_of() or cgroup_attach().
 */
int cgroup_open_dir(const struct held *held, int *ret_fd, struct err *e);

/* The same for the v2 cgroup that process `pid` is in, at or below the container's. */
int cgroup_open_dir_of(const struct held *held, pid_t pid, int *ret_fd, struct err *e);

/*
 * The `tasks` files of the joined v1 hierarchies, opened for writing: a single-threaded
 * child that writes "0" to each is in the cgroup. The caller closes them; -E2BIG for
 * more than max, of which there are CGROUP_CONTROLLERS at most.
 */
int cgroup_open_tasks(const struct held *held, int *ret_fds, size_t max, size_t *ret_n,
		      struct err *e);

/* Move a process into all of it by cgroup.procs: slow, for where the above fails. */
int cgroup_attach(const struct held *held, pid_t pid, struct err *e);

/*
 * Kill all that is in it, wait until it is empty (10 s at most, then the error names who
 * is left) and remove it from every hierarchy, with cgroups below and parents of ours.
 */
int cgroup_remove(const struct held *held, struct err *e);

/* cgroup_remove() as an undo: what fails is a warning. */
void cgroup_undo(const struct held *held);

/* 1: no process in it or below, 0: there is one. */
int cgroup_is_empty(const struct held *held, struct err *e);

/* Pids of all in it or below, sorted, as this process's pid namespace numbers them;
 * free(). */
int cgroup_pids(const struct held *held, pid_t **ret, size_t *ret_n, struct err *e);

/* Waits until all are frozen, 10 s at most; if that fails all run on. */
int cgroup_freeze(const struct held *held, struct err *e);
int cgroup_thaw(const struct held *held, struct err *e);
/* Is it frozen, or one above it? 0, 1, or -errno of what cannot be read. */
int cgroup_is_frozen(const struct held *held);

/* Signal all in it or below. SIGKILL also thaws. Nobody there is no error. */
int cgroup_kill_all(const struct held *held, int sig, struct err *e);
