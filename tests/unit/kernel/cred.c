/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and capabilities of this thread, set and read back in a child. */
#include "kernel/cred.h"

#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

#define BIT(cap) (UINT64_C(1) << (cap))

static int change_caps(void *arg)
{
	struct cap_sets before, now;
	int wrong = 0;

	(void)arg;
	EXPECT(sys_capget(&before) == 0);
	EXPECT(before.effective & BIT(CAP_CHOWN));
	now = before;
	now.effective &= ~BIT(CAP_KILL);
	now.permitted &= ~BIT(CAP_NET_RAW);
	now.effective &= ~BIT(CAP_NET_RAW);
	now.inheritable = BIT(CAP_CHOWN) |
			  BIT(CAP_AUDIT_READ) * !!(now.permitted >> 32 & 32);
	before = now;
	EXPECT(sys_capset(&now) == 0);
	now = (struct cap_sets){ 0 };
	EXPECT(sys_capget(&now) == 0);
	EXPECT(now.effective == before.effective && now.permitted == before.permitted);
	EXPECT(now.inheritable == before.inheritable);

	now.permitted |= BIT(CAP_NET_RAW);
	EXPECT(sys_capset(&now) == -EPERM);
	return wrong;
}

TEST(capability_sets_are_set_and_read_back)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(0, change_caps, NULL), 0);
}

static int drop_bounding(void *arg)
{
	int wrong = 0;

	(void)arg;
	EXPECT(sys_capbset_read(CAP_SYS_ADMIN) == 1);
	EXPECT(sys_capbset_drop(CAP_SYS_ADMIN) == 0);
	EXPECT(sys_capbset_read(CAP_SYS_ADMIN) == 0);
	EXPECT(sys_capbset_read(CAP_CHOWN) == 1);
	EXPECT(sys_capbset_read(63) == -EINVAL);
	EXPECT(sys_capbset_drop(63) == -EINVAL);
	return wrong;
}

TEST(the_bounding_set_only_shrinks_and_says_where_it_ends)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(0, drop_bounding, NULL), 0);
}

static int raise_ambient(void *arg)
{
	struct cap_sets caps;
	int wrong = 0;

	(void)arg;
	EXPECT(sys_cap_ambient_raise(CAP_CHOWN) == -EPERM); /* not inheritable */
	EXPECT(sys_capget(&caps) == 0);
	caps.inheritable = BIT(CAP_CHOWN);
	EXPECT(sys_capset(&caps) == 0);
	EXPECT(sys_cap_ambient_is_set(CAP_CHOWN) == 0);
	EXPECT(sys_cap_ambient_raise(CAP_CHOWN) == 0);
	EXPECT(sys_cap_ambient_is_set(CAP_CHOWN) == 1);
	EXPECT(sys_cap_ambient_clear() == 0);
	EXPECT(sys_cap_ambient_is_set(CAP_CHOWN) == 0);
	EXPECT(sys_cap_ambient_raise(63) == -EINVAL);
	return wrong;
}

TEST(ambient_needs_inheritable)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(0, raise_ambient, NULL), 0);
}

static int change_ids(void *arg)
{
	const gid_t groups[] = { 5, 4000000000U, 7 };
	gid_t got[4], g[3];
	uid_t u[3];
	int wrong = 0;

	(void)arg;
	EXPECT(sys_setgroups(3, groups) == 0);
	EXPECT(sys_getgroups(0, NULL) == 3);
	EXPECT(sys_getgroups(2, got) == -EINVAL);
	EXPECT(sys_getgroups(4, got) == 3);
	EXPECT((got[0] == 4000000000U) + (got[1] == 4000000000U) +
		       (got[2] == 4000000000U) ==
	       1);
	EXPECT(sys_setgroups(0, NULL) == 0);
	EXPECT(sys_getgroups(4, got) == 0);

	EXPECT(sys_setresgid(70001, 70002, 70003) == 0);
	EXPECT(sys_getresgid(g) == 0 && g[0] == 70001 && g[1] == 70002 && g[2] == 70003);
	EXPECT(sys_getgid() == 70001 && sys_getegid() == 70002);
	EXPECT(sys_setresuid(70001, 70002, 70003) == 0);
	EXPECT(sys_getresuid(u) == 0 && u[0] == 70001 && u[1] == 70002 && u[2] == 70003);
	EXPECT(sys_getuid() == 70001 && sys_geteuid() == 70002);
	EXPECT(sys_setresuid(0, 0, 0) == -EPERM);
	return wrong;
}

TEST(ids_and_groups_are_set_and_read_back)
{
	if (!is_root())
		SKIP("needs root");
	CHECK_INT(child_run(0, change_ids, NULL), 0);
}
