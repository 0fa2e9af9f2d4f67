/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c - compute the plan; see container/plan.h. */
#include "container/plan.h"

#include <sched.h>

#include "base/err.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "container/container.h"
#include "linux/devices.h"
#include "linux/idmap.h"
#include "linux/namespaces.h"
#include "linux/paths.h"
#include "linux/seccomp.h"
#include "linux/sysctl.h"
#include "mounts/apply.h"
#include "process/caps.h"
#include "process/env.h"
#include "process/exec.h"
#include "process/rlimits.h"
#include "root/rootfs.h"

typedef int planner(const struct spec *s, const struct host *h, struct plan *p,
		    struct err *e);

/*
 * A joined pid namespace is entered after the pivot, unless hooks must see the
 * finished root before it: see enter_pid_late() in init/steps.c.
 */
static int pid_plan(const struct spec *s, const struct host *h, struct plan *p,
		    struct err *e)
{
	(void)h, (void)e;
	p->pid_late = p->ns.join_flags & CLONE_NEWPID && namespaces_by_clone(p) &&
		      p->ns.new_flags & CLONE_NEWNS && !hooks_count(s, HOOK_PRESTART) &&
		      !hooks_count(s, HOOK_CREATE_RUNTIME) &&
		      !hooks_count(s, HOOK_CREATE_CONTAINER);
	return 0;
}

/* Each may read what those before it have planned. */
static planner *const for_container[] = {
	namespaces_plan, pid_plan,     idmap_plan, cgroup_plan, rootfs_plan,
	mounts_plan,     devices_plan, paths_plan, sysctl_plan,
};

static planner *const for_process[] = {
	caps_plan,
	env_plan,
	exec_plan,
	seccomp_plan,
};

static int run(planner *const *planners, size_t n, struct tare_container *c,
	       struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int r = planners[i](c->spec, &c->host, &c->plan, e);

		if (r < 0)
			return r;
	}
	return 0;
}

int plan_build(struct tare_container *c, struct err *e)
{
	struct plan *p = &c->plan;
	int r = 0;

	p->spec = c->spec;
	p->host = &c->host;
	p->options = &c->options;
	if (!p->is_exec)
		r = run(for_container, N_ELEMENTS(for_container), c, e);
	return r < 0 ? r : run(for_process, N_ELEMENTS(for_process), c, e);
}
