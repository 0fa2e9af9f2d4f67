/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idmap.c - check and write the maps of a user namespace; user_namespaces(7).
 *
 * OCI: /linux/uidMappings, /linux/gidMappings
 *
 * Everything the kernel would refuse with a bare EINVAL is found here first, where
 * the entry can still be named.
 */
#include "linux/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/cred.h"
#include "kernel/procfs.h"
#include "linux/namespaces.h"

#define ID_NONE     UINT32_MAX
#define EXTENTS_MAX 340 /* UID_GID_MAP_MAX_EXTENTS */

static const char uid_field[] = "/linux/uidMappings";
static const char gid_field[] = "/linux/gidMappings";

struct range {
	uint64_t first, end; /* end is one behind */
	size_t index;        /* in the document */
	uint64_t other;      /* first on the other side */
};

static int by_first(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static struct range *sorted(struct arena *a, const struct spec_id_mapping_list *l,
			    bool by_host)
{
	struct range *v = arena_calloc(a, l->n, sizeof(*v));

	for (size_t i = 0; i < l->n; i++) {
		const struct spec_id_mapping *m = &l->v[i];
		uint64_t first = by_host ? m->host_id : m->container_id;

		v[i] = (struct range){
			.first = first,
			.end = first + m->size,
			.index = i,
			.other = by_host ? m->container_id : m->host_id,
		};
	}
	qsort(v, l->n, sizeof(*v), by_first);
	return v;
}

/* Neither side of two entries may have an id in common. */
static int check_overlap(const struct spec_id_mapping_list *l, bool by_host,
			 const char *field, struct err *e)
{
	const char *side = by_host ? "hostID" : "containerID";
	struct arena a = { 0 };
	struct range *v = sorted(&a, l, by_host);
	int r = 0;

	for (size_t i = 1; i < l->n && r == 0; i++) {
		if (v[i - 1].end <= v[i].first)
			continue;
		r = err_at(e,
			   err_config(e, "%s %" PRIu64 " is mapped by %s/%zu too", side,
				      v[i].first, field, v[i - 1].index),
			   "%s/%zu", field, v[i].index);
	}
	arena_free(&a);
	return r;
}

static int check_range(uint32_t first, uint32_t size, const char *name, struct err *e)
{
	if ((uint64_t)first + size > ID_NONE)
		return err_at(e,
			      err_config(e,
					 "%" PRIu32 " and the %" PRIu32
					 " ids from there on end above the highest id",
					 first, size),
			      "/%s", name);
	return 0;
}

static int check_mapping(const struct spec_id_mapping *m, struct err *e)
{
	int r;

	if (!m->size)
		return err_at(e, err_config(e, "an empty range maps nothing"), "/size");
	r = check_range(m->container_id, m->size, "containerID", e);
	return r < 0 ? r : check_range(m->host_id, m->size, "hostID", e);
}

static int check_list(const struct spec_id_mapping_list *l, const char *field,
		      struct err *e)
{
	int r;

	if (!l->n)
		return err_at(e,
			      err_config(e, "a new user namespace needs at least one "
					    "mapping"),
			      "%s", field);
	for (size_t i = 0; i < l->n; i++) {
		r = check_mapping(&l->v[i], e);
		if (r < 0)
			return err_at(e, r, "%s/%zu", field, i);
	}
	r = check_overlap(l, false, field, e);
	if (r == 0)
		r = check_overlap(l, true, field, e);
	if (r < 0)
		return r;
	if (idmap_to_host(l, 0) == ID_NONE)
		return err_at(e,
			      err_config(e,
					 "no entry maps containerID 0, which builds the "
					 "container"),
			      "%s", field);
	return 0;
}

static int check_mapped(const struct spec_id_mapping_list *l, uint32_t id,
			const char *list, struct err *e)
{
	if (idmap_to_host(l, id) != ID_NONE)
		return 0;
	return err_config(e, "%" PRIu32 " is not mapped by %s", id, list);
}

static int check_user(const struct spec *s, struct err *e)
{
	const struct spec_user *u = &s->process.user;
	int r;

	if (!s->process.is_set)
		return 0;
	r = check_mapped(&s->linux.uid_mappings, u->uid, uid_field, e);
	if (r < 0)
		return err_at(e, r, "/process/user/uid");
	r = check_mapped(&s->linux.gid_mappings, u->gid, gid_field, e);
	if (r < 0)
		return err_at(e, r, "/process/user/gid");
	for (size_t i = 0; i < u->additional_gids.n; i++) {
		r = check_mapped(&s->linux.gid_mappings, u->additional_gids.v[i],
				 gid_field, e);
		if (r < 0)
			return err_at(e, r, "/process/user/additionalGids/%zu", i);
	}
	return 0;
}

/* Mappings that nothing would apply are an error, not a decoration. */
static int check_unused(const struct spec *s, const struct spec_id_mapping_list *l,
			const char *field, struct err *e)
{
	if (!l->n)
		return 0;
	if (namespaces_is_joined(s, NS_USER))
		return err_at(e,
			      err_config(e,
					 "the user namespace is joined by path and has "
					 "its mappings already"),
			      "%s", field);
	return err_at(e,
		      err_config(e, "mappings without a user namespace in "
				    "/linux/namespaces"),
		      "%s", field);
}

int idmap_check(const struct spec *s, struct err *e)
{
	int r;

	if (!namespaces_is_new(s, NS_USER)) {
		r = check_unused(s, &s->linux.uid_mappings, uid_field, e);
		return r < 0 ? r : check_unused(s, &s->linux.gid_mappings, gid_field, e);
	}
	r = check_list(&s->linux.uid_mappings, uid_field, e);
	if (r == 0)
		r = check_list(&s->linux.gid_mappings, gid_field, e);
	return r < 0 ? r : check_user(s, e);
}

uint32_t idmap_to_host(const struct spec_id_mapping_list *l, uint32_t container_id)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct spec_id_mapping *m = &l->v[i];

		if (container_id >= m->container_id &&
		    container_id - m->container_id < m->size)
			return m->host_id + (container_id - m->container_id);
	}
	return ID_NONE;
}

static void add_line(struct str *text, uint64_t container, uint64_t host, uint64_t size)
{
	str_addf(text, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", container, host, size);
}

/* Neighbours that continue one another as one line; returns the number of lines. */
static size_t merge(struct arena *a, const struct spec_id_mapping_list *l,
		    struct str *text)
{
	const struct range *v = sorted(a, l, false);
	size_t n_lines = 0;

	for (size_t i = 0; i < l->n; n_lines++) {
		uint64_t end = v[i].end, other_end = v[i].other + (v[i].end - v[i].first);
		size_t j = i + 1;

		for (; j < l->n && v[j].first == end && v[j].other == other_end; j++) {
			other_end += v[j].end - v[j].first;
			end = v[j].end;
		}
		add_line(text, v[i].first, v[i].other, end - v[i].first);
		i = j;
	}
	return n_lines;
}

/*
 * The kernel takes a map by one write of less than a page. The document's own lines
 * where they fit, so that the map reads as it was asked for.
 */
static int plan_map(struct plan *p, const struct spec_id_mapping_list *l,
		    const char *field, const char **ret, struct err *e)
{
	const size_t text_max = (size_t)sysconf(_SC_PAGESIZE) - 1;
	autostr struct str text = { 0 }, merged = { 0 };
	size_t n_lines;

	for (size_t i = 0; i < l->n; i++)
		add_line(&text, l->v[i].container_id, l->v[i].host_id, l->v[i].size);
	if (l->n <= EXTENTS_MAX && text.len <= text_max) {
		*ret = arena_strdup(&p->arena, str_text(&text));
		return 0;
	}
	n_lines = merge(&p->arena, l, &merged);
	if (n_lines > EXTENTS_MAX || merged.len > text_max)
		return err_at(e,
			      err_config(e,
					 "%zu separate ranges in %zu bytes, the kernel "
					 "takes %d in %zu",
					 n_lines, merged.len, EXTENTS_MAX, text_max),
			      "%s", field);
	*ret = arena_strdup(&p->arena, str_text(&merged));
	return 0;
}

int idmap_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	const struct spec_linux *l = &s->linux;
	int r;

	(void)h;
	p->idmap = (struct plan_idmap){ 0 };
	if (namespaces_is_joined(s, NS_USER))
		p->idmap.root_uid = p->idmap.root_gid = ID_NONE;
	if (!namespaces_is_new(s, NS_USER))
		return 0;
	p->idmap.is_new = true;
	p->idmap.root_uid = idmap_to_host(&l->uid_mappings, 0);
	p->idmap.root_gid = idmap_to_host(&l->gid_mappings, 0);
	r = plan_map(p, &l->uid_mappings, uid_field, &p->idmap.uid_map, e);
	if (r < 0)
		return r;
	return plan_map(p, &l->gid_mappings, gid_field, &p->idmap.gid_map, e);
}

static int write_one(int proc_fd, pid_t pid, const char *name, const char *text,
		     const char *field, struct err *e)
{
	char path[64];
	int r = str_format(path, sizeof(path), "%d/%s", (int)pid, name);

	if (r >= 0)
		r = procfs_put(proc_fd, path, text);
	if (r < 0)
		return err_at(e, err_sysf(e, r, "write", "/proc/%s", path), "%s", field);
	return 0;
}

int idmap_host_write(const struct plan *p, pid_t pid, struct err *e)
{
	autofd int proc_fd = -EBADF;
	int r;

	if (!p->idmap.is_new)
		return 0;
	proc_fd = procfs_host();
	if (proc_fd < 0)
		return err_sys(e, proc_fd, "open", "/proc");
	r = write_one(proc_fd, pid, "uid_map", p->idmap.uid_map, uid_field, e);
	if (r < 0)
		return r;
	/* Who may not change groups may not make the container drop its own either. */
	if (!(p->host->caps.effective & UINT64_C(1) << CAP_SETGID)) {
		r = write_one(proc_fd, pid, "setgroups", "deny", gid_field, e);
		if (r < 0)
			return r;
	}
	return write_one(proc_fd, pid, "gid_map", p->idmap.gid_map, gid_field, e);
}

int idmap_init_become_root(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!((p->ns.new_flags | p->ns.join_flags) & CLONE_NEWUSER))
		return 0;
	r = sys_setresgid(0, 0, 0);
	if (r < 0)
		return err_at(e, err_sys(e, r, "setresgid", "0"), "%s", gid_field);
	r = sys_setresuid(0, 0, 0);
	if (r < 0)
		return err_at(e, err_sys(e, r, "setresuid", "0"), "%s", uid_field);
	return 0;
}
