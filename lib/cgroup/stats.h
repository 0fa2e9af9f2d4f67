/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h - what a cgroup can be asked: for now, who is in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

struct cgroup_dir;
struct cgroup_dirs;
struct err;

struct pid_list {
	pid_t *v; /* sorted, each once; free() it */
	size_t n;
};

static inline void cleanup_pid_list(struct pid_list *l)
{
	free(l->v);
}
#define autopids __attribute__((cleanup(cleanup_pid_list)))

/*
 * The processes in the cgroup and below it, in any of its hierarchies, by the pids of
 * this process's pid namespace; those that are not in it have none and are left out.
 */
int pids_collect(const struct cgroup_dirs *d, struct pid_list *ret, struct err *e);

/* Of one hierarchy; -ENOENT: no such cgroup. */
int pids_in(const struct cgroup_dir *d, const char *path, struct pid_list *ret);

bool pids_have(const struct pid_list *l, pid_t pid);
