/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cred.c - ids and capabilities; see cred.h.
 *
 * The setters are the bare system calls, which concern the calling thread alone.
 * glibc's wrappers signal every other thread it knows of and wait for each; after a
 * raw clone that list describes the parent, and the wait would not end.
 */
#include "kernel/cred.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "kernel/compat.h"
#include "kernel/ret.h"

uid_t sys_getuid(void)
{
	return getuid();
}

uid_t sys_geteuid(void)
{
	return geteuid();
}

gid_t sys_getgid(void)
{
	return getgid();
}

gid_t sys_getegid(void)
{
	return getegid();
}

int sys_setresuid(uid_t r, uid_t e, uid_t s)
{
	return ret_errno(syscall(COMPAT_SYS_setresuid, r, e, s));
}

int sys_setresgid(gid_t r, gid_t e, gid_t s)
{
	return ret_errno(syscall(COMPAT_SYS_setresgid, r, e, s));
}

int sys_getresuid(uid_t ret[3])
{
	return ret_errno(getresuid(&ret[0], &ret[1], &ret[2]));
}

int sys_getresgid(gid_t ret[3])
{
	return ret_errno(getresgid(&ret[0], &ret[1], &ret[2]));
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	return ret_errno(syscall(COMPAT_SYS_setgroups, n, groups));
}

int sys_getgroups(size_t n, gid_t *ret)
{
	return ret_errno(getgroups((int)n, ret));
}

int sys_capget(struct cap_sets *ret)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	*ret = (struct cap_sets){
		.effective = (uint64_t)data[1].effective << 32 | data[0].effective,
		.permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted,
		.inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable,
	};
	return 0;
}

int sys_capset(const struct cap_sets *sets)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = (uint32_t)sets->effective,
		  .permitted = (uint32_t)sets->permitted,
		  .inheritable = (uint32_t)sets->inheritable },
		{ .effective = (uint32_t)(sets->effective >> 32),
		  .permitted = (uint32_t)(sets->permitted >> 32),
		  .inheritable = (uint32_t)(sets->inheritable >> 32) },
	};

	return ret_errno(syscall(SYS_capset, &header, data));
}

static int cap_prctl(int op, unsigned long a, unsigned long b)
{
	return ret_errno(prctl(op, a, b, 0UL, 0UL));
}

int sys_capbset_read(int cap)
{
	return cap_prctl(PR_CAPBSET_READ, (unsigned long)cap, 0);
}

int sys_capbset_drop(int cap)
{
	return cap_prctl(PR_CAPBSET_DROP, (unsigned long)cap, 0);
}

int sys_cap_ambient_clear(void)
{
	return cap_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
}

int sys_cap_ambient_raise(int cap)
{
	return cap_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (unsigned long)cap);
}

int sys_cap_ambient_is_set(int cap)
{
	return cap_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, (unsigned long)cap);
}
