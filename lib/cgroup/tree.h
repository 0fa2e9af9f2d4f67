/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h - walk a cgroup and everything below it.
 *
 * The container decides how deep and how wide the tree is, and may change it meanwhile:
 * a walk holds two descriptors and no stack frames, however deep it is, needs no path,
 * and takes what has gone away in its stride.
 */
#pragma once

struct tree_visitor {
	/* On arrival in a directory; may be NULL. */
	int (*enter)(void *ctx, int dir_fd);
	/* After everything below a sub-directory, with its parent; may be NULL. */
	int (*leave)(void *ctx, int parent_fd, const char *name);
};

/* Stops at the first negative result and returns it; -ENOENT: there is no such cgroup. */
int tree_walk(int root_fd, const char *path, const struct tree_visitor *visitor,
	      void *ctx);
