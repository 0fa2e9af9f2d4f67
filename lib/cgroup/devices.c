/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.c - device rules for the v1 controller.
 *
 * OCI: /linux/resources/devices
 *
 * The controller knows no order: it has one default and a set of exceptions from it,
 * found and removed only by exactly the same numbers. So the rules are played through
 * here and what is written is the outcome: the default, then the exceptions. A rule that
 * takes back part of a wider exception has no outcome in these terms, and is refused,
 * since either way of approximating it would be something else than was asked for.
 *
 * "a" is not the kernel's "a", which ignores numbers and access: it means "b" and "c".
 */
#include "cgroup/devices.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cgroup/devices-bpf.h"
#include "cgroup/hierarchy.h"
#include "cgroup/knobs.h"
#include "plan.h"

#define FIELD     "/linux/resources/devices"
#define ANY       (-1)
#define MAX_RULES 10000 /* what follows, and the kernel, compare each with each */

/*
 * Every container may make nodes, and use the harmless devices. Init makes the nodes of
 * /dev when it is in the cgroup already. Others count on tun, 10:200, as well.
 */
/* clang-format off */
static const struct device_rule defaults[] = {
	{ true, 'c', ANY, ANY, DEVICE_MKNOD,  SIZE_MAX },
	{ true, 'b', ANY, ANY, DEVICE_MKNOD,  SIZE_MAX },
	{ true, 'c', 1,   3,   DEVICE_ACCESS, SIZE_MAX }, /* null */
	{ true, 'c', 1,   5,   DEVICE_ACCESS, SIZE_MAX }, /* zero */
	{ true, 'c', 1,   7,   DEVICE_ACCESS, SIZE_MAX }, /* full */
	{ true, 'c', 1,   8,   DEVICE_ACCESS, SIZE_MAX }, /* random */
	{ true, 'c', 1,   9,   DEVICE_ACCESS, SIZE_MAX }, /* urandom */
	{ true, 'c', 5,   0,   DEVICE_ACCESS, SIZE_MAX }, /* tty */
	{ true, 'c', 5,   2,   DEVICE_ACCESS, SIZE_MAX }, /* ptmx */
	{ true, 'c', 136, ANY, DEVICE_ACCESS, SIZE_MAX }, /* pts */
	{ true, 'c', 10,  200, DEVICE_ACCESS, SIZE_MAX }, /* tun */
};
/* clang-format on */

static const struct device_rule deny_all = {
	false, 'a', ANY, ANY, DEVICE_ACCESS, SIZE_MAX
};

static int check_number(struct opt_i64 n, const char *name, int64_t max, struct err *e)
{
	if (!n.set || (n.v >= ANY && n.v <= max))
		return 0;
	return err_at(e,
		      err_config(e, "%lld is no %s number: 0 to %lld, or -1 for all",
				 (long long)n.v, name, (long long)max),
		      "/%s", name);
}

static int check_rule(const struct spec_device_rule *rule, struct err *e)
{
	int r;

	if (!str_empty(rule->type) && (rule->type[1] || !strchr("abc", rule->type[0])))
		return err_at(e, err_config(e, "'%s' is none of a, b, c", rule->type),
			      "/type");
	if (!str_empty(rule->access) && rule->access[strspn(rule->access, "rwm")])
		return err_at(e,
			      err_config(e, "'%s' has more than r, w, m", rule->access),
			      "/access");
	r = check_number(rule->major, "major", UINT32_MAX, e);
	return r < 0 ? r : check_number(rule->minor, "minor", UINT32_MAX, e);
}

int device_rules_check(const struct spec *spec, struct err *e)
{
	const struct spec_device_rule_list *rules = &spec->linux.resources.devices;

	if (rules->n > MAX_RULES)
		return err_at(
			e, err_config(e, "%zu rules, more than %d", rules->n, MAX_RULES),
			FIELD);
	for (size_t i = 0; i < rules->n; i++) {
		int r = check_rule(&rules->v[i], e);

		if (r < 0)
			return err_at(e, r, FIELD "/%zu", i);
	}
	return 0;
}

static unsigned parse_access(const char *s)
{
	unsigned access = 0;

	if (str_empty(s))
		return DEVICE_ACCESS;
	access |= strchr(s, 'r') ? DEVICE_READ : 0;
	access |= strchr(s, 'w') ? DEVICE_WRITE : 0;
	access |= strchr(s, 'm') ? DEVICE_MKNOD : 0;
	return access;
}

static struct device_rule rule_of(const struct spec_device_rule *s, size_t index)
{
	return (struct device_rule){
		.allow = s->allow,
		.type = str_empty(s->type) ? 'a' : s->type[0],
		.major = s->major.set ? s->major.v : ANY,
		.minor = s->minor.set ? s->minor.v : ANY,
		.access = parse_access(s->access),
		.index = index,
	};
}

static bool is_for_all(const struct device_rule *r)
{
	return r->type == 'a' && r->major == ANY && r->minor == ANY &&
	       r->access == DEVICE_ACCESS;
}

void device_rules_of(const struct spec *spec, struct arena *a, struct device_rules *ret)
{
	const struct spec_device_rule_list *config = &spec->linux.resources.devices;
	struct device_rule *v =
		arena_calloc(a, config->n + 1 + N_ELEMENTS(defaults), sizeof(*v));
	size_t n = 0;

	v[n++] = deny_all;
	for (size_t i = 0; i < config->n; i++) {
		struct device_rule rule = rule_of(&config->v[i], i);

		if (is_for_all(&rule))
			n = 0;
		v[n++] = rule;
	}
	/* They can add nothing to everything. */
	if (n > 1 || !v[0].allow) {
		memcpy(v + n, defaults, sizeof(defaults));
		n += N_ELEMENTS(defaults);
	}
	*ret = (struct device_rules){ v, n };
}

const char *device_rule_field(struct arena *a, const struct device_rule *rule)
{
	return rule->index == SIZE_MAX ? FIELD
				       : arena_printf(a, FIELD "/%zu", rule->index);
}

static bool covers(int64_t wide, int64_t n)
{
	return wide == ANY || wide == n;
}

static bool meets(int64_t a, int64_t b)
{
	return a == ANY || b == ANY || a == b;
}

static bool rule_covers(const struct device_rule *wide, const struct device_rule *r)
{
	return wide->type == r->type && covers(wide->major, r->major) &&
	       covers(wide->minor, r->minor);
}

static bool rules_meet(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type && meets(a->major, b->major) &&
	       meets(a->minor, b->minor);
}

/* Take `r` back out of the exceptions; -EINVAL where that leaves no set of exceptions. */
static int take_back(struct device_rules *set, const struct device_rule *r)
{
	for (size_t i = 0; i < set->n; i++) {
		struct device_rule *x = &set->v[i];

		if (!(x->access & r->access) || !rules_meet(x, r))
			continue;
		if (!rule_covers(r, x))
			return -EINVAL;
		x->access &= ~r->access;
	}
	return 0;
}

/*
 * The controller wants all kinds of an access in one exception. So a narrow one gets
 * what wider ones allow, and goes if a single wider one says it all.
 */
static void add_exception(struct device_rules *set, const struct device_rule *r)
{
	struct device_rule rule = *r;

	for (size_t i = 0; i < set->n; i++) {
		struct device_rule *x = &set->v[i];

		if (!x->access)
			continue;
		if (rule_covers(x, &rule)) {
			if (!(rule.access & ~x->access))
				return;
			rule.access |= x->access;
		}
		if (rule_covers(&rule, x)) {
			x->access |= rule.access;
			if (!(x->access & ~rule.access))
				x->access = 0;
		}
	}
	set->v[set->n++] = rule;
}

static int play(struct device_rules *set, const struct device_rule *r, bool default_allow)
{
	struct device_rule rule = *r;
	int result = 0;

	for (const char *type = r->type == 'a' ? "bc" : NULL;
	     type && *type && result == 0; type++) {
		rule.type = *type;
		result = play(set, &rule, default_allow);
	}
	if (r->type == 'a')
		return result;
	if (r->allow == default_allow)
		return take_back(set, r);
	add_exception(set, r);
	return 0;
}

static const char *exception_text(struct arena *a, const struct device_rule *r)
{
	char major[16] = "*", minor[16] = "*";

	if (r->major != ANY)
		(void)str_format(major, sizeof(major), "%lld", (long long)r->major);
	if (r->minor != ANY)
		(void)str_format(minor, sizeof(minor), "%lld", (long long)r->minor);
	return arena_printf(a, "%c %s:%s %s%s%s", r->type, major, minor,
			    r->access & DEVICE_READ ? "r" : "",
			    r->access & DEVICE_WRITE ? "w" : "",
			    r->access & DEVICE_MKNOD ? "m" : "");
}

/*
 * A cgroup never gets more than its parent has (EPERM). For what the config does not
 * name one by one, that is as good an answer as v2 gives, which ands the two silently;
 * in a user namespace every write is refused, and the host's rules are in force.
 */
static int tolerated(const struct plan *plan, const struct device_rule *r, bool all)
{
	if (plan->host->in_userns)
		return EPERM;
	return r->allow && (all || r->index == SIZE_MAX) ? EPERM : 0;
}

static int plan_v1(const struct device_rules *rules, struct plan *plan, struct err *e)
{
	struct arena *a = &plan->arena;
	bool allow = rules->v[0].allow;
	struct device_rules set = {
		.v = arena_calloc(a, 2 * rules->n, sizeof(*set.v)), /* "a" makes two */
	};

	for (size_t i = 1; i < rules->n; i++) {
		const struct device_rule *rule = &rules->v[i];

		if (play(&set, rule, allow) < 0)
			return err_hint(
				e,
				err_at(e,
				       err_unsupported(
					       e, "the v1 devices controller cannot take "
						  "back part of a wider rule"),
				       "%s", device_rule_field(a, rule)),
				"list the narrower devices instead of the wider rule");
	}
	knobs_add(plan, "devices", allow ? "devices.allow" : "devices.deny", "a",
		  device_rule_field(a, &rules->v[0]))
		->tolerate = tolerated(plan, &rules->v[0], true);
	for (size_t i = 0; i < set.n; i++) {
		const struct device_rule *rule = &set.v[i];

		if (!rule->access)
			continue;
		knobs_add(plan, "devices", rule->allow ? "devices.allow" : "devices.deny",
			  exception_text(a, rule), device_rule_field(a, rule))
			->tolerate = tolerated(plan, rule, false);
	}
	return 0;
}

int device_rules_plan(const struct spec *spec, const struct cgroup_hierarchy *h,
		      struct plan *plan, struct err *e)
{
	struct device_rules rules;

	device_rules_of(spec, &plan->arena, &rules);
	if (hierarchy_v1(h, CGROUP_DEVICES))
		return plan_v1(&rules, plan, e);
	if (!h->v2_path)
		return err_at(
			e,
			err_unsupported(
				e, "the 'devices' controller is not available, nor is "
				   "cgroup v2, so access to devices cannot be limited"),
			FIELD);
	device_bpf_plan(&rules, plan);
	return 0;
}
