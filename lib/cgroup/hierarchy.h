/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hierarchy.h - where this machine's cgroups are.
 *
 * v1, v2 and hybrid hosts differ only in what a struct cgroup_hierarchy contains: a
 * controller is on its v1 hierarchy, on the v2 one, or on none. A path of a cgroup is
 * always relative to these mounts, as the caller sees them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* held.cgroup_v1_joined in state.json is a mask of these: append, never renumber. */
enum cgroup_controller {
	CGROUP_CPU,
	CGROUP_CPUACCT,
	CGROUP_CPUSET,
	CGROUP_MEMORY,
	CGROUP_DEVICES,
	CGROUP_FREEZER,
	CGROUP_BLKIO, /* "io" on v2 */
	CGROUP_PIDS,
	CGROUP_HUGETLB,
	CGROUP_NET_CLS,
	CGROUP_NET_PRIO,
	CGROUP_PERF_EVENT,
	CGROUP_RDMA,
	CGROUP_MISC,
	CGROUP_SYSTEMD, /* name=systemd: no controller, never joined */
	CGROUP_CONTROLLERS
};
#define CGROUP_BIT(controller) (UINT32_C(1) << (controller))
#define CGROUP_ALL             UINT32_MAX

enum cgroup_layout {
	CGROUP_LAYOUT_NONE, /* no cgroup file system is mounted */
	CGROUP_LAYOUT_V1,
	CGROUP_LAYOUT_V2,
	CGROUP_LAYOUT_HYBRID, /* v1, and v2 beside it */
};

struct cgroup_v1 {
	char *controllers; /* as the kernel lists them: "cpu,cpuacct", "name=systemd" */
	char *path;        /* where it is mounted; NULL: this slot is empty */
	int fd;            /* of hierarchy_v1_fd() */
};

struct cgroup_hierarchy {
	enum cgroup_layout layout;
	/*
	 * Slot c holds the hierarchy whose first controller is c; those mounted together
	 * with it have an empty slot, and v1_slot leads from each to the one that counts.
	 */
	struct cgroup_v1 v1[CGROUP_CONTROLLERS];
	uint8_t v1_slot[CGROUP_CONTROLLERS]; /* CGROUP_CONTROLLERS: not on v1 */
	char *v2_path;                       /* NULL: no v2 */
	int v2_fd;                           /* O_PATH of v2_path, -EBADF */
	char v2_controllers[256];            /* cgroup.controllers of v2_path */
};

/*
 * Find the hierarchies at their usual places: a handful of calls, whatever the number of
 * mounts; /proc/self/mountinfo is read only when nothing is there. No cgroups at all is
 * the layout NONE, not an error. The caller frees *ret.
 */
int hierarchy_probe(struct cgroup_hierarchy **ret, struct err *e);

/*
 * The same below another root directory ("" for the real one). Of v1 only the slots in
 * `wanted` are looked up; anything but CGROUP_ALL leaves v2_controllers empty.
 */
int hierarchy_probe_at(const char *root, uint32_t wanted, struct cgroup_hierarchy **ret,
		       struct err *e);

void hierarchy_free(struct cgroup_hierarchy *h);

static inline void cleanup_hierarchy(struct cgroup_hierarchy **h)
{
	hierarchy_free(*h);
}
#define autohierarchy __attribute__((cleanup(cleanup_hierarchy)))

/* Build one by hand (the probe and unit tests do); nothing checks the file system. */
struct cgroup_hierarchy *hierarchy_new(void);
int hierarchy_add_v1(struct cgroup_hierarchy *h, const char *controllers,
		     const char *path);
int hierarchy_add_v2(struct cgroup_hierarchy *h, const char *path);

/* The v1 hierarchy a controller is on, NULL if it is on none. */
const struct cgroup_v1 *hierarchy_v1(const struct cgroup_hierarchy *h,
				     enum cgroup_controller c);

/*
 * O_PATH of slot's path, or -errno; opened when it is asked for first, because few of
 * them are joined: a cache, hence through const.
 */
int hierarchy_v1_fd(const struct cgroup_hierarchy *h, size_t slot);

/* Can this controller, by its v2 name, be enabled at the root of v2? */
bool hierarchy_has_v2(const struct cgroup_hierarchy *h, const char *controller);

/* Is name one of the words of a cgroup.controllers or cgroup.subtree_control text? */
bool controllers_have(const char *words, const char *name);

/* "blkio" on v1 is "io" on v2; CGROUP_CONTROLLERS for a name of neither. */
const char *controller_name(enum cgroup_controller c);
const char *controller_v2_name(enum cgroup_controller c);
enum cgroup_controller controller_by_name(const char *name);
