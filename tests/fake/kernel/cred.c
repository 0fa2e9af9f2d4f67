/* SPDX-License-Identifier: Apache-2.0 */
/* cred.c - ids and capabilities in memory; see cred.h and record.h. */
#include "tests/fake/kernel/cred.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/fake/kernel/record.h"

#define LAST_CAP 40
#define ALL_CAPS ((UINT64_C(1) << (LAST_CAP + 1)) - 1)

static struct fake_cred cred = {
	.caps = { .effective = ALL_CAPS, .permitted = ALL_CAPS },
	.bounding = ALL_CAPS,
	.last_cap = LAST_CAP,
};

struct fake_cred *fake_cred(void)
{
	return &cred;
}

void fake_cred_reset(void)
{
	cred = (struct fake_cred){
		.caps = { .effective = ALL_CAPS, .permitted = ALL_CAPS },
		.bounding = ALL_CAPS,
		.last_cap = LAST_CAP,
	};
}

uid_t sys_getuid(void)
{
	return cred.uid[0];
}

uid_t sys_geteuid(void)
{
	return cred.uid[1];
}

gid_t sys_getgid(void)
{
	return cred.gid[0];
}

gid_t sys_getegid(void)
{
	return cred.gid[1];
}

/* (uid_t)-1 leaves an id as it is. */
static void set_ids(unsigned ids[3], unsigned r, unsigned e, unsigned s)
{
	const unsigned want[3] = { r, e, s };

	for (size_t i = 0; i < 3; i++)
		if (want[i] != (unsigned)-1)
			ids[i] = want[i];
}

int sys_setresuid(uid_t r, uid_t e, uid_t s)
{
	int failed = record_call("setresuid %d %d %d", (int)r, (int)e, (int)s);

	if (failed == 0)
		set_ids(cred.uid, r, e, s);
	return failed;
}

int sys_setresgid(gid_t r, gid_t e, gid_t s)
{
	int failed = record_call("setresgid %d %d %d", (int)r, (int)e, (int)s);

	if (failed == 0)
		set_ids(cred.gid, r, e, s);
	return failed;
}

int sys_getresuid(uid_t ret[3])
{
	memcpy(ret, cred.uid, sizeof(cred.uid));
	return 0;
}

int sys_getresgid(gid_t ret[3])
{
	memcpy(ret, cred.gid, sizeof(cred.gid));
	return 0;
}

int sys_setgroups(size_t n, const gid_t *groups)
{
	char list[512] = "";
	size_t len = 0;
	int r;

	for (size_t i = 0; i < n && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, " %u", groups[i]);
	r = record_call("setgroups%s", list);
	if (r == 0 && n > sizeof(cred.groups) / sizeof(cred.groups[0]))
		r = -EINVAL;
	if (r < 0)
		return r;
	if (n)
		memcpy(cred.groups, groups, n * sizeof(*groups));
	cred.n_groups = n;
	return 0;
}

int sys_getgroups(size_t n, gid_t *ret)
{
	if (!n)
		return (int)cred.n_groups;
	if (n < cred.n_groups)
		return -EINVAL;
	memcpy(ret, cred.groups, cred.n_groups * sizeof(*ret));
	return (int)cred.n_groups;
}

int sys_capget(struct cap_sets *ret)
{
	*ret = cred.caps;
	return 0;
}

int sys_capset(const struct cap_sets *sets)
{
	int r = record_call("capset effective 0x%llx permitted 0x%llx inheritable 0x%llx",
			    (unsigned long long)sets->effective,
			    (unsigned long long)sets->permitted,
			    (unsigned long long)sets->inheritable);

	if (r == 0)
		cred.caps = *sets;
	return r;
}

int sys_capbset_read(int cap)
{
	if (cap < 0 || cap > cred.last_cap)
		return -EINVAL;
	return cred.bounding >> cap & 1;
}

int sys_capbset_drop(int cap)
{
	int r = record_call("capbset_drop %d", cap);

	if (r == 0 && (cap < 0 || cap > cred.last_cap))
		r = -EINVAL;
	if (r == 0)
		cred.bounding &= ~(UINT64_C(1) << cap);
	return r;
}

int sys_cap_ambient_clear(void)
{
	int r = record_call("ambient clear");

	if (r == 0)
		cred.ambient = 0;
	return r;
}

int sys_cap_ambient_raise(int cap)
{
	int r = record_call("ambient raise %d", cap);

	if (r == 0 && (cap < 0 || cap > cred.last_cap))
		r = -EINVAL;
	if (r == 0)
		cred.ambient |= UINT64_C(1) << cap;
	return r;
}

int sys_cap_ambient_is_set(int cap)
{
	if (cap < 0 || cap > cred.last_cap)
		return -EINVAL;
	return cred.ambient >> cap & 1;
}
