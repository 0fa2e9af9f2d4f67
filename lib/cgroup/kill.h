/* SPDX-License-Identifier: Apache-2.0 */
/* kill.h - signal every process of a cgroup. */
#pragma once

struct cgroup_dirs;
struct err;

/*
 * Send sig to all that are in the cgroup or below it, in any of its hierarchies. SIGKILL
 * also thaws, as the frozen could not die. No process, or no cgroup, is no error.
 */
int kill_dirs(const struct cgroup_dirs *d, int sig, struct err *e);
