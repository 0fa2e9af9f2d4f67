/* SPDX-License-Identifier: Apache-2.0 */
/* cred.h - ids and capabilities of the calling thread; no policy, see file.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cap_sets {
	uint64_t effective, permitted, inheritable; /* bit n: capability n */
};

uid_t sys_getuid(void);
uid_t sys_geteuid(void);
gid_t sys_getgid(void);
gid_t sys_getegid(void);
int sys_setresuid(uid_t r, uid_t e, uid_t s);
int sys_setresgid(gid_t r, gid_t e, gid_t s);
int sys_getresuid(uid_t ret[3]);
int sys_getresgid(gid_t ret[3]);
int sys_setgroups(size_t n, const gid_t *groups);
int sys_getgroups(size_t n, gid_t *ret);
int sys_capget(struct cap_sets *ret);
int sys_capset(const struct cap_sets *sets);
int sys_capbset_read(int cap); /* 1, 0, -EINVAL above the last one */
int sys_capbset_drop(int cap);
int sys_cap_ambient_clear(void);
int sys_cap_ambient_raise(int cap);
int sys_cap_ambient_is_set(int cap);
