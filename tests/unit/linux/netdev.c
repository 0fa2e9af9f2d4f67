/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback of a network namespace. */
#include "linux/netdev.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static bool is_up(void)
{
	autofd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq lo = { .ifr_name = "lo" };

	return fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &lo) == 0 && lo.ifr_flags & IFF_UP;
}

static int bring_up(void *arg)
{
	struct inside in = { .proc_fd = -EBADF };

	if (is_up())
		return 10;
	if (netdev_init(arg, &in, NULL) < 0)
		return 11;
	return is_up() ? 0 : 12;
}

TEST(loopback_is_up_in_a_new_network_namespace)
{
	struct plan p = { .ns = { .new_flags = CLONE_NEWNET } };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNET, bring_up, &p), 0);
}

TEST(a_joined_network_is_left_as_it_is)
{
	struct plan p = { .ns = { .join_flags = CLONE_NEWNET } };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNET, bring_up, &p), 12);
}
