/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dirs.h - the directories that make up one container's cgroup: one in every joined v1
 * hierarchy, and one in v2 where that is mounted.
 *
 * Everything here works from `held` alone, so that another process can do it, too.
 *
 * held.cgroup_made says where parents of the cgroup were missing when it was planned,
 * and so are ours to remove: "memory=1,unified=0", for each such hierarchy the number of
 * leading components that were there. "" where only the last one was missing.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/types.h>

#include "cgroup/hierarchy.h"

struct err;
struct held;

struct cgroup_dir {
	const char *name; /* "memory", "unified" */
	const char *root; /* where the hierarchy is mounted */
	int root_fd;
	bool v2;
	bool is_new; /* made by this process just now, so there is nobody in it */
};

struct cgroup_dirs {
	struct cgroup_dir v[CGROUP_CONTROLLERS + 1]; /* v2, if any, is the first */
	size_t n;                                    /* 0: there is no cgroup */
	const char *path;                            /* below each root: "tare/web" */
	struct cgroup_hierarchy *own;
};
#define CGROUP_DIRS_NONE ((struct cgroup_dirs){ .n = 0 })

/* Those of `held`, probing for the hierarchies it needs unless held->cgroup has them. */
int cgroup_dirs_open(const struct held *held, struct cgroup_dirs *ret, struct err *e);
/* The same for a path and a mask of v1 slots of a known hierarchy, borrowed. */
void cgroup_dirs_of(const struct cgroup_hierarchy *h, uint32_t v1_joined,
		    const char *path, struct cgroup_dirs *ret);
void cgroup_dirs_close(struct cgroup_dirs *d);

static inline void cleanup_cgroup_dirs(struct cgroup_dirs *d)
{
	cgroup_dirs_close(d);
}
#define autodirs __attribute__((cleanup(cleanup_cgroup_dirs)))

/* The v2 directory, the one of a v1 controller; NULL if it is not among them. */
const struct cgroup_dir *cgroup_dirs_v2(const struct cgroup_dirs *d);
const struct cgroup_dir *cgroup_dirs_v1(const struct cgroup_dirs *d,
					enum cgroup_controller c);

/* PATH/FILE of one directory: read it as file_read_at(), write it as file_put_at(). */
ssize_t cgroup_read(const struct cgroup_dir *d, const char *path, const char *file,
		    char *buf, size_t size);
int cgroup_put(const struct cgroup_dir *d, const char *path, const char *file,
	       const char *text);

/* "populated" and the like in a flat file; -ENOENT without such a key. */
int cgroup_flag(const struct cgroup_dir *d, const char *path, const char *file,
		const char *key);

/* Number of components, and the first n of them; -ENAMETOOLONG. */
size_t cgroup_depth(const char *path);
int cgroup_prefix(const char *path, size_t n, char buf[PATH_MAX]);
