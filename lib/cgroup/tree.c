/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.c - walk a cgroup and everything below it; see tree.h.
 *
 * Upwards goes by "..": a cgroup cannot be moved to another parent. Most have nothing
 * below them, which their link count tells without reading the directory.
 */
#include "cgroup/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "kernel/file.h"

#define LEAF_LINKS 2 /* "." and its name; file systems that do not count say 1 */

struct level {
	char **name;
	size_t n, next;
};

struct walk {
	int fd; /* of the innermost level */
	struct level *level;
	size_t depth;
	const struct tree_visitor *visitor;
	void *ctx;
};

static void level_free(struct level *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
}

static void walk_close(struct walk *w)
{
	while (w->depth > 0)
		level_free(&w->level[--w->depth]);
	free(w->level);
	fd_close(&w->fd);
}
#define autowalk __attribute__((cleanup(walk_close)))

static int add_name(void *ctx, int dir_fd, const char *name, unsigned char d_type)
{
	struct level *l = ctx;
	char **v;

	(void)dir_fd;
	if (d_type != DT_DIR)
		return 0;
	v = reallocarray(l->name, l->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	l->name = v;
	l->name[l->n++] = str_dup(name);
	return 0;
}

/* A cgroup that is removed while we look at it says ENODEV. */
static int unless_gone(int r)
{
	return r == -ENOENT || r == -ENODEV ? 0 : r;
}

/* Become the level of w->fd. */
static int push(struct walk *w)
{
	struct level *v = reallocarray(w->level, w->depth + 1, sizeof(*v));
	struct stat st;
	int r;

	if (!v)
		return -ENOMEM;
	w->level = v;
	v[w->depth] = (struct level){ 0 };
	w->depth++;

	if (w->visitor->enter) {
		r = unless_gone(w->visitor->enter(w->ctx, w->fd));
		if (r < 0)
			return r;
	}
	r = sys_fstat(w->fd, &st);
	if (r < 0 || st.st_nlink == LEAF_LINKS)
		return r;
	return unless_gone(sys_dir_each(w->fd, add_name, &v[w->depth - 1]));
}

static int move(struct walk *w, const char *name)
{
	int fd = sys_openat(w->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	fd_close(&w->fd);
	w->fd = fd;
	return 0;
}

static int pop(struct walk *w)
{
	const struct level *up;
	int r;

	level_free(&w->level[--w->depth]);
	if (w->depth == 0)
		return 0;
	r = move(w, "..");
	if (r < 0 || !w->visitor->leave)
		return r;
	up = &w->level[w->depth - 1];
	return w->visitor->leave(w->ctx, w->fd, up->name[up->next - 1]);
}

int tree_walk(int root_fd, const char *path, const struct tree_visitor *visitor,
	      void *ctx)
{
	autowalk struct walk w = { .fd = -EBADF, .visitor = visitor, .ctx = ctx };
	int r;

	w.fd = sys_openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (w.fd < 0)
		return w.fd;
	r = push(&w);
	while (r >= 0 && w.depth > 0) {
		struct level *l = &w.level[w.depth - 1];

		if (l->next == l->n) {
			r = pop(&w);
			continue;
		}
		r = move(&w, l->name[l->next++]);
		if (r >= 0)
			r = push(&w);
		else
			r = unless_gone(r);
	}
	return r;
}
