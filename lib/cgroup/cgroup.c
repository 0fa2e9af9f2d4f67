/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup.c - the verbs, and the managers they are carried out by.
 *
 * OCI: /linux/resources
 *
 * `fs` makes directories itself, `none` (--cgroup-manager disabled) leaves the container
 * in the caller's cgroup: then a limit cannot be set, and is refused.
 */
#include "cgroup/cgroup.h"

#include <errno.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/devices.h"
#include "cgroup/dirs.h"
#include "cgroup/fs.h"
#include "cgroup/knobs.h"
#include "cgroup/path.h"
#include "cgroup/stats.h"
#include "plan.h"

/* Joined even without a limit: devices always has rules, the others pause, count, OOM. */
static const enum cgroup_controller always_joined[] = {
	CGROUP_DEVICES,
	CGROUP_FREEZER,
	CGROUP_PIDS,
	CGROUP_MEMORY,
};

struct cgroup_manager {
	const char *name; /* in state.json */
	int (*plan)(const struct spec *spec, const struct cgroup_hierarchy *h,
		    struct plan *plan, struct err *e);
	int (*intend)(const struct cgroup_dirs *d, struct plan *plan,
		      const char **ret_made, struct err *e);
	int (*make)(struct cgroup_dirs *d, const struct plan *plan, struct err *e);
	int (*remove)(const struct cgroup_dirs *d, const char *made, struct err *e);
};

static uint32_t slots_to_join(const struct cgroup_hierarchy *h, const struct plan *plan)
{
	uint32_t slots = 0;

	for (size_t i = 0; i < N_ELEMENTS(always_joined); i++) {
		if (hierarchy_v1(h, always_joined[i]))
			slots |= CGROUP_BIT(h->v1_slot[always_joined[i]]);
	}
	for (size_t i = 0; i < plan->cgroup.n_writes; i++) {
		enum cgroup_controller c =
			controller_by_name(plan->cgroup.write[i].controller);

		if (c < CGROUP_CONTROLLERS && hierarchy_v1(h, c))
			slots |= CGROUP_BIT(h->v1_slot[c]);
	}
	return slots;
}

static int fs_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		   struct plan *plan, struct err *e)
{
	int r;

	if (h->layout == CGROUP_LAYOUT_NONE)
		return err_hint(
			e, err_unsupported(e, "no cgroup file system is mounted"),
			"mount cgroup2 on /sys/fs/cgroup, or use --cgroup-manager disabled");
	r = cgroup_path_plan(spec->linux.cgroups_path, plan->options->id, &plan->arena,
			     &plan->cgroup.path, e);
	if (r >= 0)
		r = knobs_plan(spec, h, plan, e);
	if (r >= 0)
		r = device_rules_plan(spec, h, plan, e);
	if (r >= 0)
		plan->cgroup.v1_joined = slots_to_join(h, plan);
	return r;
}

static int none_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		     struct plan *plan, struct err *e)
{
	autohierarchy struct cgroup_hierarchy *nothing = hierarchy_new();
	int r;

	(void)h;
	plan->cgroup.disabled = true;
	plan->cgroup.path = "";
	r = knobs_plan(spec, nothing, plan, e);
	if (r < 0)
		return err_hint(
			e, r,
			"the cgroup manager is 'disabled': there is no cgroup to limit");
	for (size_t i = 0; i < spec->linux.resources.devices.n; i++) {
		if (spec->linux.resources.devices.v[i].allow)
			continue;
		log_warn("/linux/resources/devices is not in force: there is no cgroup");
		break;
	}
	return 0;
}

static int none_intend(const struct cgroup_dirs *d, struct plan *plan,
		       const char **ret_made, struct err *e)
{
	(void)d, (void)plan, (void)e;
	*ret_made = "";
	return 0;
}

static int none_make(struct cgroup_dirs *d, const struct plan *plan, struct err *e)
{
	(void)d, (void)plan, (void)e;
	return 0;
}

static int none_remove(const struct cgroup_dirs *d, const char *made, struct err *e)
{
	(void)d, (void)made, (void)e;
	return 0;
}

static const struct cgroup_manager managers[] = {
	{ "cgroupfs", fs_plan, fs_survey, fs_make, fs_remove },
	{ "disabled", none_plan, none_intend, none_make, none_remove },
};

static int find_manager(const char *name, const struct cgroup_manager **ret,
			struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(managers); i++) {
		if (str_eq(name ? name : managers[0].name, managers[i].name)) {
			*ret = &managers[i];
			return 0;
		}
	}
	if (str_eq(name, "systemd"))
		return err_unsupported(e,
				       "the systemd cgroup manager is not supported yet");
	return err_usage(e, "unknown cgroup manager '%s'", name);
}

int cgroup_check(const struct spec *spec, struct err *e)
{
	int r = knobs_check(spec, e);

	return r < 0 ? r : device_rules_check(spec, e);
}

int cgroup_plan(const struct spec *spec, const struct host *host, struct plan *plan,
		struct err *e)
{
	const struct cgroup_manager *m;
	int r = find_manager(plan->options->cgroup_manager, &m, e);

	plan->cgroup = (struct plan_cgroup){ 0 };
	return r < 0 ? r : m->plan(spec, host->cgroup, plan, e);
}

int cgroup_intend(struct plan *plan, struct held *held, struct err *e)
{
	const struct cgroup_manager *m;
	struct cgroup_dirs d;
	const char *made;
	int r = find_manager(plan->options->cgroup_manager, &m, e);

	if (r < 0)
		return r;
	d = CGROUP_DIRS_NONE;
	if (!plan->cgroup.disabled)
		cgroup_dirs_of(plan->host->cgroup, plan->cgroup.v1_joined,
			       plan->cgroup.path, &d);
	r = m->intend(&d, plan, &made, e);
	if (r < 0)
		return r;
	held->cgroup = plan->host->cgroup;
	held->cgroup_manager = m->name;
	held->cgroup_made = made;
	held->cgroup_v1_joined = plan->cgroup.v1_joined;
	held->cgroup_path = plan->cgroup.path;
	return 0;
}

int cgroup_host(struct plan *plan, struct held *held, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	const struct cgroup_manager *m;
	int r = held->cgroup_path ? 0 : cgroup_intend(plan, held, e);

	if (r >= 0)
		r = find_manager(held->cgroup_manager, &m, e);
	if (r >= 0)
		r = cgroup_dirs_open(held, &d, e);
	if (r >= 0)
		r = m->make(&d, plan, e);
	if (r < 0)
		return r;
	r = fs_check_usable(&d, e);
	if (r < 0) {
		/* Someone was faster: what is empty goes, the rest is theirs. */
		fs_remove_empty(&d, held->cgroup_made);
		held->cgroup_path = NULL;
	}
	return r;
}

int cgroup_remove(const struct held *held, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	const struct cgroup_manager *m;
	int r = find_manager(held->cgroup_manager, &m, e);

	if (r >= 0)
		r = cgroup_dirs_open(held, &d, e);
	return r < 0 ? r : m->remove(&d, held->cgroup_made, e);
}

void cgroup_undo(const struct held *held)
{
	struct err e = { 0 };
	char line[1024];

	if (cgroup_remove(held, &e) >= 0)
		return;
	err_format(&e, line, sizeof(line));
	log_warn("%s", line);
}

int cgroup_is_empty(const struct held *held, struct err *e)
{
	autopids struct pid_list pids = { 0 };
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);

	if (r >= 0)
		r = pids_collect(&d, &pids, e);
	return r < 0 ? r : pids.n == 0;
}

int cgroup_pids(const struct held *held, pid_t **ret, size_t *ret_n, struct err *e)
{
	struct pid_list pids = { 0 };
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);

	if (r >= 0)
		r = pids_collect(&d, &pids, e);
	if (r < 0)
		return r;
	*ret = pids.v;
	*ret_n = pids.n;
	return 0;
}
