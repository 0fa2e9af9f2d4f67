/* SPDX-License-Identifier: Apache-2.0 */
/* Scheduler, affinity, I/O priority, memory policy, and the session keyring. */
#include "kernel/sched.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "kernel/compat.h"
#include "kernel/keyring.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE        (3 << 13)

static int change(void *arg)
{
	const struct sched_attr_args batch = { .policy = SCHED_BATCH, .nice = 5 };
	const struct sched_attr_args bad = { .policy = 99 };
	unsigned long all[128] = { 0 }, one[128] = { 0 }, now[128] = { 0 };
	int wrong = 0, n, cpu = 0;

	(void)arg;
	EXPECT(sys_sched_setattr(0, &batch) == 0);
	EXPECT(syscall(SYS_sched_getscheduler, 0) == SCHED_BATCH &&
	       getpriority(PRIO_PROCESS, 0) == 5);
	EXPECT(sys_sched_setattr(0, &bad) == -EINVAL);

	n = sys_sched_getaffinity(0, sizeof(all), all);
	EXPECT(n > 0 && n % (int)sizeof(long) == 0);
	while (cpu < n * 8 && !(all[cpu / 64] >> (cpu % 64) & 1))
		cpu++;
	one[cpu / 64] = 1UL << (cpu % 64);
	EXPECT(sys_sched_setaffinity(0, sizeof(one), one) == 0);
	EXPECT(sys_sched_getaffinity(0, sizeof(now), now) == n);
	EXPECT(memcmp(now, one, sizeof(now)) == 0);

	EXPECT(sys_ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE) == 0);
	EXPECT(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0) == IOPRIO_IDLE);
	EXPECT(sys_ioprio_set(IOPRIO_WHO_PROCESS, 0, 7 << 13) == -EINVAL);
	return wrong;
}

TEST(scheduling_is_changed_and_read_back)
{
	CHECK_INT(child_run(0, change, NULL), 0);
}

static int set_policy(void *arg)
{
	unsigned long node = 1;
	int policy = -1, wrong = 0, r = sys_set_mempolicy(2, &node, 2); /* MPOL_BIND */

	(void)arg;
	if (r == -ENOSYS || r == -EPERM)
		return 99;
	EXPECT(r == 0);
	EXPECT(syscall(SYS_get_mempolicy, &policy, NULL, 0UL, NULL, 0UL) == 0 &&
	       policy == 2);
	EXPECT(sys_set_mempolicy(1000, NULL, 0) == -EINVAL);
	return wrong;
}

TEST(a_memory_policy_is_set)
{
	int r = child_run(0, set_policy, NULL);

	if (r == 99)
		SKIP("the kernel has no set_mempolicy or forbids it");
	CHECK_INT(r, 0);
}

static int join(void *arg)
{
	int32_t a = sys_keyctl_join_session(NULL), b;
	uint32_t perm = 0;
	int wrong = 0;

	(void)arg;
	if (a == -ENOSYS || a == -EPERM)
		return 99;
	b = sys_keyctl_join_session("tare-unit");
	EXPECT(a > 0 && b > 0 && a != b);
	EXPECT(sys_keyctl_get_perm(b, &perm) == 0);
	EXPECT(perm & 0x3f000000); /* the possessor's */
	EXPECT(!(perm & 0x00080000));
	EXPECT(sys_keyctl_set_perm(b, perm | 0x00080000) == 0);
	EXPECT(sys_keyctl_get_perm(b, &perm) == 0 && perm & 0x00080000);
	EXPECT(sys_keyctl_get_perm(0x7ffffff0, &perm) == -ENOKEY);
	return wrong;
}

TEST(a_session_keyring_is_joined_and_its_permissions_change)
{
	int r = child_run(0, join, NULL);

	if (r == 99)
		SKIP("the kernel has no keyctl or forbids it");
	CHECK_INT(r, 0);
}
