/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unified.c - files of the v2 cgroup, written as the document has them.
 *
 * OCI: /linux/resources/unified
 *
 * Names are checked, values are not: {"cgroup.procs": "1"} would move the host's init
 * into the container, and a '/' reach another cgroup. Everything else of a controller
 * that is there is written, known here or not, as the specification demands.
 */
#include "cgroup/unified.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cgroup/knobs.h"
#include "plan.h"

#define FIELD "/linux/resources/unified"

/* What moves, ends or stops processes, or changes the tree below. */
static const char *const refused[] = {
	"cgroup.procs",  "cgroup.threads", "cgroup.kill",
	"cgroup.freeze", "cgroup.type",    "cgroup.subtree_control",
};

static bool is_name(const char *key)
{
	const char *dot = strchr(key, '.');

	return dot && dot > key && dot[1] &&
	       !key[strspn(
		       key,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")];
}

static int check_key(const char *key, struct err *e)
{
	if (!is_name(key))
		return err_config(
			e, "'%s' is not the name of a cgroup file: CONTROLLER.NAME", key);
	for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
		if (str_eq(key, refused[i]))
			return err_config(
				e,
				"'%s' cannot be written: it is how processes are managed",
				key);
	}
	return 0;
}

int unified_check(const struct spec *spec, struct err *e)
{
	const struct str_map *unified = &spec->linux.resources.unified;

	for (size_t i = 0; i < unified->n; i++) {
		int r = check_key(unified->v[i].key, e);

		if (r < 0)
			return err_at_key(e, r, FIELD, unified->v[i].key);
	}
	return 0;
}

/* As err_at_key() escapes it, since a write carries its pointer. */
static const char *pointer_to(struct arena *a, const char *key)
{
	return arena_printf(a, FIELD "/%s", key); /* is_name(): neither '~' nor '/' */
}

/* The kernel takes one line a write; an empty value is one, too. */
static void add_lines(struct plan *plan, const char *controller, const char *key,
		      const char *value)
{
	struct arena *a = &plan->arena;
	const char *field = pointer_to(a, key);
	size_t n_before = plan->cgroup.n_writes;

	for (const char *line = value; *line; line += strspn(line, "\n")) {
		size_t len = strcspn(line, "\n");

		if (len)
			knobs_add(plan, controller, key, arena_strndup(a, line, len),
				  field);
		line += len;
	}
	if (plan->cgroup.n_writes == n_before)
		knobs_add(plan, controller, key, "\n", field);
}

static int plan_one(const struct str_pair *pair, const struct cgroup_hierarchy *h,
		    struct plan *plan, struct err *e)
{
	const char *controller =
		arena_strndup(&plan->arena, pair->key, strcspn(pair->key, "."));

	if (!h->v2_path)
		return err_unsupported(
			e, "'%s' is a file of cgroup v2, which is not mounted here",
			pair->key);
	if (!str_eq(controller, "cgroup") && !hierarchy_has_v2(h, controller))
		return err_unsupported(
			e,
			"the '%s' controller is not available on cgroup v2, so '%s' "
			"cannot be set",
			controller, pair->key);
	add_lines(plan, controller, pair->key, pair->value);
	return 0;
}

int unified_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		 struct plan *plan, struct err *e)
{
	const struct str_map *unified = &spec->linux.resources.unified;

	for (size_t i = 0; i < unified->n; i++) {
		int r = plan_one(&unified->v[i], h, plan, e);

		if (r < 0)
			return err_at_key(e, r, FIELD, unified->v[i].key);
	}
	return 0;
}
