/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enable.c - hand v2 controllers down to a cgroup.
 *
 * On a v2 host all that the root has are wanted, not only those the config limits:
 * without memory there are no OOM events, without pids no count, and a container that
 * runs containers of its own (systemd, a nested engine) can only hand on what it was
 * given. Usually the parent has them enabled already, and this is one read. On a hybrid
 * host v2 is there to hold and kill processes, and nothing is changed unasked.
 */
#include "cgroup/enable.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/dirs.h"
#include "plan.h"

#define MAX_WANTED 32

struct wanted {
	char name[32];
	const char *field; /* that needs it; NULL: nothing does */
};

struct wanted_list {
	struct wanted v[MAX_WANTED];
	size_t n;
};

static void want(struct wanted_list *l, const char *name, size_t len, const char *field)
{
	struct wanted w = { .field = field };

	if (l->n == MAX_WANTED ||
	    str_format(w.name, sizeof(w.name), "%.*s", (int)len, name) < 0)
		return;
	for (size_t i = 0; i < l->n; i++) {
		if (str_eq(l->v[i].name, w.name))
			return;
	}
	l->v[l->n++] = w;
}

/* What the plan needs first, so that it stays in the list whatever else there is. */
static void want_all(struct wanted_list *l, const struct plan *plan)
{
	const struct cgroup_hierarchy *h = plan->host->cgroup;

	for (size_t i = 0; i < plan->cgroup.n_writes; i++) {
		const struct plan_cgroup_write *w = &plan->cgroup.write[i];
		enum cgroup_controller c = controller_by_name(w->controller);
		const char *name = c < CGROUP_CONTROLLERS ? controller_v2_name(c)
							  : w->controller;

		if (str_eq(name, "cgroup") ||
		    (c < CGROUP_CONTROLLERS && hierarchy_v1(h, c)))
			continue;
		want(l, name, strlen(name), w->field);
	}
	if (h->layout != CGROUP_LAYOUT_V2)
		return;
	for (const char *p = h->v2_controllers; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		want(l, p, len, NULL);
		p += len;
	}
}

static bool has_all(const struct wanted_list *l, const char *enabled)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!controllers_have(enabled, l->v[i].name))
			return false;
	}
	return true;
}

static const char *hint_for(int r, const char *controller)
{
	if (r == -EBUSY)
		return "a cgroup that has processes of its own cannot hand controllers down: move "
		       "them into one below it";
	if (r == -EACCES || r == -EPERM)
		return "this cgroup is not delegated to the user tare runs as";
	if (r == -EINVAL && str_eq(controller, "cpu"))
		return "real-time processes outside the root cgroup keep 'cpu' from being enabled";
	return NULL;
}

static int refuse(const struct cgroup_dir *v2, const char *path, const struct wanted *w,
		  int r, struct err *e)
{
	char file[PATH_MAX];
	const char *hint = hint_for(r, w->name);

	if (r == -ENOENT) {
		r = err_unsupported(
			e, "the '%s' controller is not available in cgroup '%s/%s'",
			w->name, v2->root, path);
		hint = "the cgroup above it must enable it in its cgroup.subtree_control";
	} else {
		(void)str_format(file, sizeof(file), "%s/%s%scgroup.subtree_control",
				 v2->root, path, *path ? "/" : "");
		err_sys_msg(e, r, "write", file, "the '%s' controller cannot be enabled",
			    w->name);
	}
	if (hint)
		err_hint(e, r, "%s", hint);
	return err_at(e, r, "%s", w->field);
}

static int enable_one(const struct cgroup_dir *v2, const char *path,
		      const struct wanted *w, struct err *e)
{
	char text[40];
	int r = str_format(text, sizeof(text), "+%s", w->name);

	if (r >= 0)
		r = cgroup_put(v2, path, "cgroup.subtree_control", text);
	if (r >= 0)
		return 0;
	if (w->field)
		return refuse(v2, path, w, r, e);
	log_debug("cgroup '%s/%s': '%s' is not enabled: %s", v2->root, path, w->name,
		  err_name(r));
	return 0;
}

/* Hand down what is missing at one level. */
static int enable_at(const struct cgroup_dir *v2, const char *path,
		     const struct wanted_list *l, struct err *e)
{
	char enabled[512], text[MAX_WANTED * 34] = "";
	size_t len = 0;
	ssize_t r =
		cgroup_read(v2, path, "cgroup.subtree_control", enabled, sizeof(enabled));

	if (r < 0)
		return err_sysf(e, (int)r, "read", "%s/%s%scgroup.subtree_control",
				v2->root, path, *path ? "/" : "");
	for (size_t i = 0; i < l->n; i++) {
		if (controllers_have(enabled, l->v[i].name))
			continue;
		r = str_format(text + len, sizeof(text) - len, "%s+%s", len ? " " : "",
			       l->v[i].name);
		if (r > 0)
			len += (size_t)r;
	}
	if (!len || cgroup_put(v2, path, "cgroup.subtree_control", text) >= 0)
		return 0;
	/* One that cannot be enabled refuses them all. */
	for (size_t i = 0; i < l->n; i++) {
		if (controllers_have(enabled, l->v[i].name))
			continue;
		r = enable_one(v2, path, &l->v[i], e);
		if (r < 0)
			return (int)r;
	}
	return 0;
}

int controllers_enable(const struct cgroup_dir *v2, const char *path,
		       const struct plan *plan, struct err *e)
{
	struct wanted_list l = { .n = 0 };
	size_t depth = cgroup_depth(path);
	char prefix[PATH_MAX], enabled[512];
	int r;

	want_all(&l, plan);
	if (l.n == 0 || depth == 0)
		return 0;
	r = cgroup_prefix(path, depth - 1, prefix);
	if (r >= 0)
		r = (int)cgroup_read(v2, prefix, "cgroup.subtree_control", enabled,
				     sizeof(enabled));
	if (r >= 0 && has_all(&l, enabled))
		return 0;
	for (size_t i = 0; i < depth; i++) {
		r = cgroup_prefix(path, i, prefix);
		if (r < 0)
			return err_sys(e, r, "open", path);
		r = enable_at(v2, prefix, &l, e);
		if (r < 0)
			return r;
	}
	return 0;
}
