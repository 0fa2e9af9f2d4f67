/* SPDX-License-Identifier: Apache-2.0 */
/* pause.c - freeze and thaw all processes of a container, through its cgroup. */
#include <errno.h>

#include "base/err.h"
#include "cgroup/cgroup.h"
#include "container/container.h"
#include "container/lock.h"

static int change(struct tare_container *c, bool freeze, struct err *e)
{
	enum tare_status status;
	int r = lock_take(c, LOCK_TIMEOUT_MS, e);

	if (r < 0)
		return r;
	r = container_status(c, &status, e);
	if (r < 0)
		; /* said already */
	else if (freeze && status != TARE_RUNNING && status != TARE_CREATED)
		r = err_state(e, -EINVAL,
			      status == TARE_PAUSED ? "container already paused"
						    : "container not running");
	else if (!freeze && status != TARE_PAUSED)
		r = err_state(e, -EINVAL, "container not paused");
	else
		r = freeze ? cgroup_freeze(&c->held, e) : cgroup_thaw(&c->held, e);
	lock_drop(c);
	return r;
}

int tare_pause(struct tare_container *c, struct err *e)
{
	int r = change(c, true, e);

	return r < 0 ? err_doing(e, r, "pause container '%s'", c->held.id) : 0;
}

int tare_resume(struct tare_container *c, struct err *e)
{
	int r = change(c, false, e);

	return r < 0 ? err_doing(e, r, "resume container '%s'", c->held.id) : 0;
}
