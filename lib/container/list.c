/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - what `state` says of one container, and of all below a state root. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "container/container.h"
#include "kernel/file.h"

int tare_state(struct tare_container *c, struct tare_state *ret, struct err *e)
{
	const struct spec_state *s = &c->state;
	const char **pairs =
		arena_calloc(&c->arena, 2 * s->annotations.n + 1, sizeof(*pairs));
	enum tare_status status;
	int r = container_status(c, &status, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < s->annotations.n; i++) {
		pairs[2 * i] = s->annotations.v[i].key;
		pairs[2 * i + 1] = s->annotations.v[i].value;
	}
	*ret = (struct tare_state){
		.oci_version = s->oci_version,
		.id = s->id,
		.bundle = s->bundle,
		.rootfs = s->rootfs,
		.created = s->created,
		.owner = s->owner,
		.status = status,
		.n_annotations = s->annotations.n,
		.annotations = pairs,
	};
	ret->pid = ret->status == TARE_STOPPED ? 0 : c->held.pid;
	return 0;
}

struct names {
	struct arena arena;
	const char **v;
	size_t n;
};

static int add_name(void *ctx, int dir_fd, const char *name, unsigned char type)
{
	struct names *names = ctx;

	(void)dir_fd;
	/* Names that cannot be ids are not ours: ".ns" and the like. */
	if ((type != DT_DIR && type != DT_UNKNOWN) ||
	    container_check_id(name, NULL) < 0 || name[0] == '.')
		return 0;
	names->v = arena_grow(&names->arena, names->v, names->n, sizeof(*names->v));
	names->v[names->n++] = arena_strdup(&names->arena, name);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One that cannot be read is said and skipped: it may be on its way in or out. */
static int list_one(const char *root, const char *id,
		    int (*each)(void *ctx, const struct tare_state *s), void *ctx)
{
	autocontainer struct tare_container *c = NULL;
	struct tare_state state;
	struct err e = { 0 };
	char line[512];

	if (container_load(root, id, &c, &e) >= 0 && tare_state(c, &state, &e) >= 0)
		return each(ctx, &state);
	if (e.code != ENOENT) {
		err_format(&e, line, sizeof(line));
		log_warn("container '%s': %s", id, line);
	}
	return 0;
}

int tare_list(const char *root, int (*each)(void *ctx, const struct tare_state *s),
	      void *ctx, struct err *e)
{
	autofree char *default_root = tare_default_root();
	autofd int fd = sys_openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY, 0);
	struct names names = { 0 };
	int r = fd;

	if (r == -ENOENT && str_eq(root, default_root))
		return 0;
	if (r >= 0)
		r = sys_dir_each(fd, add_name, &names);
	if (r < 0)
		return err_doing(e, err_sys(e, r, "open", root), "list containers");
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0; i < names.n && r >= 0; i++)
		r = list_one(root, names.v[i], each, ctx);
	arena_free(&names.arena);
	return r < 0 ? r : 0;
}
