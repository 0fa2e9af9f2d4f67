/* SPDX-License-Identifier: Apache-2.0 */
/* ps.c - the processes of a container, by their pids on the host. */
#include <stdlib.h>

#include <errno.h>

#include "base/err.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "container/container.h"

/* Without a cgroup only init is known to be the container's. */
static int only_init(struct tare_container *c, pid_t **ret, size_t *ret_n, struct err *e)
{
	enum tare_status status;
	int r = container_status(c, &status, e);
	pid_t *pids;

	if (r < 0)
		return r;
	pids = calloc(1, sizeof(*pids));
	if (!pids)
		return err_sys(e, -ENOMEM, "calloc", "pids");
	pids[0] = c->held.pid;
	*ret_n = status == TARE_STOPPED ? 0 : 1;
	*ret = pids;
	return 0;
}

int tare_pids(struct tare_container *c, pid_t **ret, size_t *ret_n, struct err *e)
{
	int r;

	if (str_empty(c->held.cgroup_path))
		r = only_init(c, ret, ret_n, e);
	else
		r = cgroup_pids(&c->held, ret, ret_n, e);
	return r < 0 ? err_doing(e, r, "list processes of container '%s'", c->held.id)
		     : 0;
}
