/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c - memory and swap limits.
 *
 * OCI: /linux/resources/memory/limit, /linux/resources/memory/swap,
 *      /linux/resources/memory/checkBeforeUpdate
 *
 * The document's swap is memory plus swap, as v1 counts it; v2 counts swap alone, so it
 * gets the difference. v1 refuses a limit above the sum that is in force and a sum below
 * the limit: the order depends on what was there before, hence `with_next`.
 */
#include "cgroup/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "cgroup/knobs.h"
#include "plan.h"

#define LIMIT_FIELD "/linux/resources/memory/limit"
#define SWAP_FIELD  "/linux/resources/memory/swap"

/* 0 means not given, -1 no limit. */
static int64_t value_of(struct opt_i64 v)
{
	return v.set ? v.v : 0;
}

static int check_range(struct opt_i64 v, const char *field, struct err *e)
{
	if (!v.set || v.v >= -1)
		return 0;
	return err_at(
		e,
		err_config(e, "%lld is no limit: bytes, or -1 for none", (long long)v.v),
		"%s", field);
}

int memory_check(const struct spec *spec, struct err *e)
{
	const struct spec_memory *m = &spec->linux.resources.memory;
	int64_t limit = value_of(m->limit), swap = value_of(m->swap);
	int r = check_range(m->limit, LIMIT_FIELD, e);

	if (r >= 0)
		r = check_range(m->swap, SWAP_FIELD, e);
	if (r >= 0)
		r = check_range(m->reservation, "/linux/resources/memory/reservation", e);
	if (r < 0 || swap <= 0)
		return r;
	if (limit <= 0)
		return err_at(
			e,
			err_hint(
				e,
				err_config(
					e,
					"a limit of memory and swap needs one of memory"),
				"set /linux/resources/memory/limit too"),
			SWAP_FIELD);
	if (swap < limit)
		return err_at(
			e,
			err_config(e,
				   "%lld bytes of memory and swap are less than the %lld "
				   "of memory alone",
				   (long long)swap, (long long)limit),
			SWAP_FIELD);
	return 0;
}

/* Without swap accounting the files are missing, and no swap or any is what one gets. */
static void tolerate_missing(struct plan_cgroup_write *w)
{
	w->tolerate = ENOENT;
}

static const char *number(struct plan *plan, int64_t n)
{
	return arena_printf(&plan->arena, "%lld", (long long)n);
}

static void plan_v1(struct plan *plan, int64_t limit, int64_t swap)
{
	struct plan_cgroup_write *w;

	if (limit)
		knobs_add(plan, "memory", "memory.limit_in_bytes", number(plan, limit),
			  LIMIT_FIELD)
			->with_next = swap != 0;
	if (!swap)
		return;
	w = knobs_add(plan, "memory", "memory.memsw.limit_in_bytes", number(plan, swap),
		      SWAP_FIELD);
	if (swap < 0)
		tolerate_missing(w);
}

static void plan_v2(struct plan *plan, int64_t limit, int64_t swap)
{
	struct plan_cgroup_write *w;

	if (swap) {
		w = knobs_add(plan, "memory", "memory.swap.max",
			      swap < 0 ? "max" : number(plan, swap - limit), SWAP_FIELD);
		if (swap < 0 || swap == limit)
			tolerate_missing(w);
	}
	if (limit)
		knobs_add(plan, "memory", "memory.max",
			  limit < 0 ? "max" : number(plan, limit), LIMIT_FIELD);
}

int memory_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		struct plan *plan, struct err *e)
{
	const struct spec_memory *m = &spec->linux.resources.memory;
	int64_t limit = value_of(m->limit), swap = value_of(m->swap);
	bool v2;
	int r;

	if (!limit && !swap)
		return 0;
	/* No limit of memory, and nothing said of swap, means no limit of both. */
	if (limit < 0 && !swap)
		swap = -1;
	r = knobs_find(h, CGROUP_MEMORY,
		       limit ? "memory.limit_in_bytes" : "memory.memsw.limit_in_bytes",
		       limit ? "memory.max" : "memory.swap.max",
		       limit ? LIMIT_FIELD : SWAP_FIELD, &v2, e);
	if (r < 0)
		return r;
	if (v2)
		plan_v2(plan, limit, swap);
	else
		plan_v1(plan, limit, swap);
	return 0;
}

int memory_check_usage(const struct spec *spec, int root_fd, const char *path, bool v2,
		       struct err *e)
{
	const struct spec_memory *m = &spec->linux.resources.memory;
	const char *file = v2 ? "memory.current" : "memory.usage_in_bytes";
	int64_t limit = value_of(m->limit);
	char name[PATH_MAX], text[32];
	uint64_t usage;
	ssize_t r;

	if (!m->check_before_update || limit <= 0)
		return 0;
	r = str_format(name, sizeof(name), "%s/%s", path, file);
	if (r >= 0)
		r = file_read_at(root_fd, name, text, sizeof(text));
	if (r >= 0)
		r = num_parse_u64(text, &usage);
	if (r < 0)
		return err_at(e, err_sys(e, (int)r, "read", file), LIMIT_FIELD);
	if (usage <= (uint64_t)limit)
		return 0;
	return err_at(e,
		      err_state(e, -EBUSY,
				"%llu bytes are in use, more than the new limit of %lld",
				(unsigned long long)usage, (long long)limit),
		      LIMIT_FIELD);
}
