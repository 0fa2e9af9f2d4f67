/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knobs.c - the simple limits: one row, one field.
 *
 * OCI: /linux/resources/memory/reservation, /linux/resources/memory/swappiness,
 *      /linux/resources/memory/disableOOMKiller, /linux/resources/memory/useHierarchy,
 *      /linux/resources/memory/kernel, /linux/resources/memory/kernelTCP,
 *      /linux/resources/cpu/shares, /linux/resources/cpu/burst,
 *      /linux/resources/cpu/realtimePeriod, /linux/resources/cpu/realtimeRuntime,
 *      /linux/resources/cpu/idle, /linux/resources/cpu/cpus, /linux/resources/cpu/mems,
 *      /linux/resources/pids/limit
 *
 * Order: the pairs come first, since a burst may not exceed the quota; shares before
 * idle, since the kernel refuses a weight for an idle group; unified after all, since
 * it has the last word.
 */
#include "cgroup/knobs.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/cpu.h"
#include "cgroup/memory.h"
#include "cgroup/unified.h"
#include "plan.h"

enum knob_kind { KNOB_I64, KNOB_U64, KNOB_BOOL, KNOB_TEXT, KNOB_PLAIN_I64 };

struct knob_value {
	bool negative;
	uint64_t n; /* the magnitude */
	const char *text;
};

/* The value in the file's terms; NULL: nothing to write. */
typedef const char *knob_convert(struct arena *a, const struct knob_value *v);

static const char *as_is(struct arena *a, const struct knob_value *v)
{
	return arena_printf(a, "%s%llu", v->negative ? "-" : "",
			    (unsigned long long)v->n);
}

/* 0 is what engines write for "not given". */
static const char *unless_zero(struct arena *a, const struct knob_value *v)
{
	return v->n ? as_is(a, v) : NULL;
}

static const char *max_if_negative(struct arena *a, const struct knob_value *v)
{
	return v->negative ? "max" : as_is(a, v);
}

static const char *limit(struct arena *a, const struct knob_value *v)
{
	return v->n ? max_if_negative(a, v) : NULL;
}

static const char *if_true(struct arena *a, const struct knob_value *v)
{
	(void)a;
	return v->n ? "1" : NULL;
}

static const char *text(struct arena *a, const struct knob_value *v)
{
	(void)a;
	return str_empty(v->text) ? NULL : v->text;
}

static const char *weight(struct arena *a, const struct knob_value *v)
{
	return v->n ? arena_printf(a, "%u", cpu_shares_to_weight(v->n)) : NULL;
}

struct knob {
	const char *field;
	enum cgroup_controller controller;
	const char *v1_file, *v2_file; /* NULL: there is no such thing */
	knob_convert *to_v1, *to_v2;
	const char *ignored; /* why a value without a file is no error */
	size_t offset;       /* in struct spec_resources */
	enum knob_kind kind;
};

#define FIELD(name, member)                                                              \
	.field = "/linux/resources" name, .offset = offsetof(struct spec_resources, member), \
	.kind = _Generic(((struct spec_resources *)0)->member,                           \
		struct opt_i64: KNOB_I64,                                                \
		struct opt_u64: KNOB_U64,                                                \
		struct opt_bool: KNOB_BOOL,                                              \
		const char *: KNOB_TEXT,                                                 \
		int64_t: KNOB_PLAIN_I64)
#define FILES(controller_, v1_file_, v2_file_, to_v1_, to_v2_)                           \
	.controller = (controller_), .v1_file = (v1_file_), .v2_file = (v2_file_),       \
	.to_v1 = (to_v1_), .to_v2 = (to_v2_)

#define NO_KMEM "the kernel has no limit of its own for kernel memory any more"
#define ALWAYS  "cgroup v2 is always hierarchical"

/* clang-format off */
static const struct knob knobs[] = {
	/*	controller      v1 file                       v2 file          to v1            to v2 */
	{ FIELD("/memory/reservation", memory.reservation),
	  FILES(CGROUP_MEMORY,  "memory.soft_limit_in_bytes", "memory.low",    unless_zero,     limit) },
	{ FIELD("/memory/swappiness", memory.swappiness),
	  FILES(CGROUP_MEMORY,  "memory.swappiness",          NULL,            as_is,           as_is) },
	{ FIELD("/memory/disableOOMKiller", memory.disable_oom_killer),
	  FILES(CGROUP_MEMORY,  "memory.oom_control",         NULL,            if_true,         if_true) },
	{ FIELD("/memory/useHierarchy", memory.use_hierarchy), .ignored = ALWAYS,
	  FILES(CGROUP_MEMORY,  "memory.use_hierarchy",       NULL,            if_true,         if_true) },
	{ FIELD("/memory/kernel", memory.kernel), .ignored = NO_KMEM,
	  FILES(CGROUP_MEMORY,  NULL,                         NULL,            unless_zero,     unless_zero) },
	{ FIELD("/memory/kernelTCP", memory.kernel_tcp), .ignored = NO_KMEM,
	  FILES(CGROUP_MEMORY,  NULL,                         NULL,            unless_zero,     unless_zero) },
	{ FIELD("/cpu/shares", cpu.shares),
	  FILES(CGROUP_CPU,     "cpu.shares",                 "cpu.weight",    unless_zero,     weight) },
	{ FIELD("/cpu/burst", cpu.burst),
	  FILES(CGROUP_CPU,     "cpu.cfs_burst_us",           "cpu.max.burst", as_is,           as_is) },
	{ FIELD("/cpu/realtimePeriod", cpu.realtime_period),
	  FILES(CGROUP_CPU,     "cpu.rt_period_us",           NULL,            unless_zero,     unless_zero) },
	{ FIELD("/cpu/realtimeRuntime", cpu.realtime_runtime),
	  FILES(CGROUP_CPU,     "cpu.rt_runtime_us",          NULL,            unless_zero,     unless_zero) },
	{ FIELD("/cpu/idle", cpu.idle),
	  FILES(CGROUP_CPU,     "cpu.idle",                   "cpu.idle",      as_is,           as_is) },
	{ FIELD("/cpu/cpus", cpu.cpus),
	  FILES(CGROUP_CPUSET,  "cpuset.cpus",                "cpuset.cpus",   text,            text) },
	{ FIELD("/cpu/mems", cpu.mems),
	  FILES(CGROUP_CPUSET,  "cpuset.mems",                "cpuset.mems",   text,            text) },
	{ FIELD("/pids/limit", pids.limit),
	  FILES(CGROUP_PIDS,    "pids.max",                   "pids.max",      max_if_negative, max_if_negative) },
};
/* clang-format on */

static bool take_i64(struct knob_value *ret, int64_t v)
{
	ret->negative = v < 0;
	ret->n = v < 0 ? -(uint64_t)v : (uint64_t)v;
	return true;
}

/* false: the config does not say. */
static bool knob_read(const struct knob *k, const struct spec_resources *s,
		      struct knob_value *ret)
{
	const void *p = (const char *)s + k->offset;

	*ret = (struct knob_value){ 0 };
	switch (k->kind) {
	case KNOB_I64:
		return ((const struct opt_i64 *)p)->set &&
		       take_i64(ret, ((const struct opt_i64 *)p)->v);
	case KNOB_U64:
		ret->n = ((const struct opt_u64 *)p)->v;
		return ((const struct opt_u64 *)p)->set;
	case KNOB_BOOL:
		ret->n = ((const struct opt_bool *)p)->v;
		return ((const struct opt_bool *)p)->set;
	case KNOB_TEXT:
		ret->text = *(const char *const *)p;
		return ret->text != NULL;
	case KNOB_PLAIN_I64: /* the one required member of /pids */
		return s->pids.is_set && take_i64(ret, *(const int64_t *)p);
	}
	return false;
}

int knobs_find(const struct cgroup_hierarchy *h, enum cgroup_controller c,
	       const char *v1_file, const char *v2_file, const char *field, bool *ret_v2,
	       struct err *e)
{
	bool pure_v2 = h->layout == CGROUP_LAYOUT_V2;
	const char *name = pure_v2 ? controller_v2_name(c) : controller_name(c);
	int r;

	*ret_v2 = false;
	if (hierarchy_v1(h, c))
		return 0;
	*ret_v2 = true;
	if (h->v2_path && hierarchy_has_v2(h, controller_v2_name(c)))
		return 0;
	r = err_unsupported(e,
			    "the '%s' controller is not available, so '%s' cannot be set",
			    name, (pure_v2 && v2_file) || !v1_file ? v2_file : v1_file);
	if (pure_v2)
		err_hint(
			e, r,
			"'%s/cgroup.controllers' does not list it: it may be bound to a v1 "
			"hierarchy, or disabled on the kernel's command line",
			h->v2_path);
	return err_at(e, r, "%s", field);
}

struct plan_cgroup_write *knobs_add(struct plan *plan, const char *controller,
				    const char *file, const char *value,
				    const char *field)
{
	struct plan_cgroup *p = &plan->cgroup;

	p->write = arena_grow(&plan->arena, p->write, p->n_writes, sizeof(*p->write));
	p->write[p->n_writes] = (struct plan_cgroup_write){
		.controller = controller,
		.file = file,
		.value = value,
		.field = field,
	};
	return &p->write[p->n_writes++];
}

static int without_file(const struct knob *k, bool v2, struct err *e)
{
	int r;

	if (k->ignored) {
		log_warn("%s is ignored: %s", k->field, k->ignored);
		return 0;
	}
	r = err_unsupported(e, "cgroup %s has no counterpart of '%s'", v2 ? "v2" : "v1",
			    v2 ? k->v1_file : k->v2_file);
	return err_at(e, r, "%s", k->field);
}

static int knob_plan(const struct knob *k, const struct spec_resources *s,
		     const struct cgroup_hierarchy *h, struct plan *plan, struct err *e)
{
	const char *value, *file = k->v1_file;
	struct knob_value v;
	bool v2 = false;
	int r;

	/* Whether there is anything to write does not depend on the layout. */
	if (!knob_read(k, s, &v) || !k->to_v1(&plan->arena, &v))
		return 0;
	if (k->v1_file || k->v2_file) {
		r = knobs_find(h, k->controller, k->v1_file, k->v2_file, k->field, &v2,
			       e);
		if (r < 0)
			return r;
		file = v2 ? k->v2_file : k->v1_file;
	}
	if (!file)
		return without_file(k, v2, e);
	value = v2 ? k->to_v2(&plan->arena, &v) : k->to_v1(&plan->arena, &v);
	knobs_add(plan, controller_name(k->controller), file, value, k->field);
	return 0;
}

static int table_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		      struct plan *plan, struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(knobs); i++) {
		int r = knob_plan(&knobs[i], &spec->linux.resources, h, plan, e);

		if (r < 0)
			return r;
	}
	return 0;
}

typedef int planner(const struct spec *spec, const struct cgroup_hierarchy *h,
		    struct plan *plan, struct err *e);

static planner *const planners[] = {
	memory_plan,
	cpu_plan,
	table_plan,
	unified_plan,
};

int knobs_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
	       struct plan *plan, struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(planners); i++) {
		int r = planners[i](spec, h, plan, e);

		if (r < 0)
			return r;
	}
	return 0;
}

int knobs_check(const struct spec *spec, struct err *e)
{
	int r = memory_check(spec, e);

	return r < 0 ? r : unified_check(spec, e);
}
