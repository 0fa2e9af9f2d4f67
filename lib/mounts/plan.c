/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c - what has to be mounted, computed from the config.
 *
 * "A mount is a bind mount if it has either bind or rbind in the options": the type of
 * one is a dummy, and type "bind" without the option is none.
 */
#include "mounts/apply.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "cgroup/hierarchy.h"
#include "kernel/compat.h"
#include "mounts/cgroupfs.h"
#include "mounts/options.h"
#include "mounts/source.h"

/* Read-only for the mount is all it takes: nothing on a disk is being protected. */
/* clang-format off */
static const char *const without_disk[] = {
	"cgroup2", "devpts", "devtmpfs", "mqueue", "proc", "ramfs", "sysfs", "tmpfs",
};
/* clang-format on */

static bool is_without_disk(const char *type)
{
	for (size_t i = 0; i < N_ELEMENTS(without_disk); i++) {
		if (str_eq(type, without_disk[i]))
			return true;
	}
	return false;
}

/* Options first: they decide what the rest has to be. */
static int check_type(const struct plan_mount *m, struct err *e)
{
	const struct spec_mount *s = m->spec;

	if (m->is_bind || m->kind == MOUNT_CHANGE)
		return 0;
	if (str_empty(s->type))
		return err_config(e, "neither a type nor the option 'bind' or 'rbind'");
	if (str_eq(s->type, "bind"))
		return err_at(e,
			      err_config(e, "a bind mount needs the option 'bind' or "
					    "'rbind'"),
			      "/type");
	return 0;
}

static int check_source(const struct plan_mount *m, struct err *e)
{
	if (!m->is_bind || m->kind == MOUNT_CHANGE || !str_empty(m->spec->source))
		return 0;
	return err_at(e, err_config(e, "a bind mount needs a source"), "/source");
}

static int check_tmpcopyup(const struct plan_mount *m, struct err *e)
{
	bool is_new = m->kind != MOUNT_CHANGE && !m->is_bind;

	if (!m->tmpcopyup || (is_new && str_eq(m->spec->type, "tmpfs")))
		return 0;
	return err_at(e, err_config(e, "'tmpcopyup' is for a tmpfs only"), "/options");
}

static int check_remount(const struct plan_mount *m, struct err *e)
{
	if (m->kind != MOUNT_CHANGE || !m->by_mount2)
		return 0;
	return err_at(e,
		      err_unsupported(e, "iversion, and options with commas or quotes, "
					 "cannot be changed by a remount"),
		      "/options");
}

/* The mappings of idmapped mounts come with the options idmap and ridmap. */
static int check_mappings(const struct spec_mount *s, size_t i, struct err *e)
{
	const char *name = s->uid_mappings.n ? "uidMappings" : "gidMappings";

	if (!s->uid_mappings.n && !s->gid_mappings.n)
		return 0;
	return err_at(e, err_unsupported(e, "not supported yet: /mounts/%zu/%s", i, name),
		      "/%s", name);
}

static int check_destination(const struct spec_mount *s, struct err *e)
{
	char clean[PATH_MAX];
	int r;

	if (str_empty(s->destination))
		return err_at(e, err_config(e, "is empty"), "/destination");
	r = path_clean(s->destination, clean, sizeof(clean));
	if (r < 0)
		return err_at(e, err_config(e, "is longer than %d bytes", PATH_MAX - 1),
			      "/destination");
	if (str_eq(clean, "/") || str_eq(clean, "."))
		return err_at(e,
			      err_config(e, "'%s' is the root file system itself",
					 s->destination),
			      "/destination");
	return 0;
}

static int check_one(const struct spec_mount *s, size_t i, struct err *e)
{
	struct plan_mount m = { .spec = s };
	int r = check_destination(s, e);

	if (r >= 0)
		r = check_mappings(s, i, e);
	if (r >= 0)
		r = options_plan(&m, i, NULL, e);
	if (r >= 0)
		r = check_type(&m, e);
	if (r >= 0)
		r = check_source(&m, e);
	if (r >= 0)
		r = check_tmpcopyup(&m, e);
	return r < 0 ? r : check_remount(&m, e);
}

int mounts_check(const struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->mounts.n; i++) {
		int r = check_one(&s->mounts.v[i], i, e);

		if (r < 0)
			return err_at(e, r, "/mounts/%zu", i);
	}
	return 0;
}

static const char *plan_destination(struct plan *p, const struct spec_mount *s)
{
	const char *path = s->destination;

	if (*path != '/') {
		log_warn("mount destination '%s' is relative, taken from '/'", path);
		path = arena_printf(&p->arena, "/%s", path);
	}
	return path_clean_dup(&p->arena, path);
}

static void plan_bind(struct plan *p, struct plan_mount *m, size_t i)
{
	const char *path = path_join(&p->arena, p->options->bundle, m->spec->source);
	const char *field = arena_printf(&p->arena, "/mounts/%zu/source", i);

	m->kind = MOUNT_BIND;
	m->source = source_add(p, path, m->is_rbind, false, field);
	m->n_sources = 1;
}

static void plan_fs(struct plan_mount *m)
{
	m->kind = MOUNT_FS;
	m->fs_type = m->spec->type;
	m->readonly_fs = options_attr(m) & MOUNT_ATTR_RDONLY &&
			 !is_without_disk(m->fs_type);
}

/* Mount points, device nodes and links are still made in a tmpfs and in /dev. */
static bool is_late_readonly(const struct plan *p, const struct plan_mount *m)
{
	if (m->kind == MOUNT_FS && str_eq(m->fs_type, "tmpfs"))
		return options_attr(m) & MOUNT_ATTR_RDONLY;
	/* v1: a tmpfs with a directory for each hierarchy, and room for more mounts. */
	if (m->kind == MOUNT_CGROUP)
		return p->host->cgroup->layout != CGROUP_LAYOUT_V2 &&
		       options_attr(m) & MOUNT_ATTR_RDONLY;
	return str_eq(m->destination, "/dev") && m->attr_set & MOUNT_ATTR_RDONLY;
}

static int plan_one(const struct host *h, struct plan *p, struct plan_mount *m, size_t i,
		    struct err *e)
{
	int r;

	m->source = NO_SOURCE;
	m->destination = plan_destination(p, m->spec);
	r = options_plan(m, i, &p->arena, e);
	if (r < 0)
		return r;
	if (m->kind == MOUNT_CHANGE) {
		/* Its flags are set where it is. */
	} else if (m->is_bind) {
		plan_bind(p, m, i);
	} else if (str_eq(m->spec->type, "cgroup")) {
		m->kind = MOUNT_CGROUP;
		m->fs_type = m->spec->type;
		r = cgroupfs_plan(h, p, m, i, e);
	} else {
		plan_fs(m);
	}
	m->late_readonly = is_late_readonly(p, m);
	return r;
}

/* In a pid namespace that is joined late a procfs before that would be of another one. */
static size_t count_early(const struct plan *p)
{
	for (size_t i = 0; p->pid_late && i < p->mounts.n; i++) {
		const struct plan_mount *m = &p->mounts.v[i];

		if (m->kind == MOUNT_FS && str_eq(m->fs_type, "proc"))
			return i;
	}
	return p->mounts.n;
}

int mounts_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	struct plan_mounts *mounts = &p->mounts;
	uint64_t *ids;

	if (s->mounts.n == 0)
		return 0;
	mounts->v = arena_calloc(&p->arena, s->mounts.n, sizeof(*mounts->v));
	ids = arena_calloc(&p->arena, s->mounts.n, sizeof(*ids));
	for (size_t i = 0; i < s->mounts.n; i++) {
		struct plan_mount *m = &mounts->v[i];
		int r;

		m->spec = &s->mounts.v[i];
		m->id = &ids[i];
		r = plan_one(h, p, m, i, e);
		if (r < 0)
			return err_at(e, r, "/mounts/%zu", i);
		mounts->n++;
	}
	mounts->n_early = count_early(p);
	return 0;
}
