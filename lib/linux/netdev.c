/* SPDX-License-Identifier: Apache-2.0 */
/* netdev.c - the loopback of a new network namespace; see netdev.h, netdevice(7). */
#include "linux/netdev.h"

#include <sched.h>

#include "base/err.h"
#include "kernel/netlink.h"

int netdev_init(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!(p->ns.new_flags & CLONE_NEWNET))
		return 0;
	r = sys_loopback_up();
	if (r < 0)
		return err_sys(e, r, "set up", "lo");
	return 0;
}
