/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - the plain data that the feature modules pass to one another.
 *
 * struct host    what this machine is: probed, or injected by a unit test
 * struct plan    what will be done: computed from spec and host, no side effects
 * struct held    what exists on the host because of this container; state.json
 * struct inside  the descriptors init works with while it builds the container
 *
 * A feature file has any of these verbs, in this order:
 *
 *   x_check(spec, e)             semantic rules the parser cannot know
 *   x_plan(spec, host, plan, e)  pure computation; the only one that allocates
 *   x_host(plan, held, e)        effect on the host, recorded in held
 *   x_undo(held)                 its inverse; succeeds when there is nothing to undo
 *   x_init(plan, in, e)          effect inside the container; system calls only
 *
 * The plan owns its memory through its arena and borrows from the spec; values
 * that need no computing are read through plan->spec. After the clone nothing
 * here is allocated or freed by the child.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "kernel/bpf.h"
#include "kernel/cred.h"
#include "kernel/seccomp.h"
#include "spec/config.h"

struct cgroup_hierarchy; /* cgroup/hierarchy.h */

struct host {
	uid_t euid;
	gid_t egid;
	bool in_userns;           /* /proc/self/uid_map is not the identity */
	struct cap_sets caps;     /* of the caller */
	uint64_t cap_bounding;    /* the caller's bounding set */
	int last_cap;             /* of the kernel */
	uint64_t signals_default; /* bit n - 1: the caller's action for signal n is known
				   * to be the default one */
	const struct cgroup_hierarchy *cgroup; /* never NULL after host_probe() */
};

/* How the caller asked for the container; borrowed strings. */
struct options {
	const char *id;
	const char *bundle;         /* absolute */
	const char *cgroup_manager; /* "cgroupfs", "disabled"; NULL: cgroupfs */
	const char *console_socket;
	bool no_pivot, no_new_keyring, foreground;
	unsigned preserve_fds;    /* 3 .. 3+n-1 stay open in the container */
	unsigned listen_fds;      /* of those, passed on by LISTEN_FDS */
	const char *listen_names; /* LISTEN_FDNAMES, or NULL */
};

enum ns_kind {
	NS_USER, /* first: it decides what the others allow */
	NS_MOUNT,
	NS_PID,
	NS_NET,
	NS_UTS,
	NS_IPC,
	NS_CGROUP,
	NS_TIME,
	NS_KINDS
};

struct plan_namespaces {
	uint64_t new_flags;  /* CLONE_NEW* of those to create */
	uint64_t join_flags; /* CLONE_NEW* of those to join */
	const char *join_path[NS_KINDS];
	size_t index[NS_KINDS]; /* in /linux/namespaces, for messages */
};

struct plan_idmap {
	bool is_new;                   /* a new user namespace: maps must be written */
	const char *uid_map, *gid_map; /* as /proc/PID/uid_map wants them */
	uint32_t root_uid, root_gid;   /* host ids of 0:0; (uid_t)-1: not mapped */
};

/* Something outside the container that init attaches inside: opened by the host. */
struct plan_source {
	const char *path;  /* absolute, or relative to the bundle made absolute */
	bool recursive;    /* the whole tree of mounts */
	bool is_device;    /* a host device node bound into a user namespace */
	const char *field; /* "/mounts/3/source" */
};
struct plan_sources {
	size_t n;
	struct plan_source *v;
};
#define NO_SOURCE SIZE_MAX

struct plan_root {
	size_t source; /* index in sources; NO_SOURCE with a joined or absent mount ns */
	const char *path;     /* absolute, on the host */
	bool pivot;           /* false: chroot (no mount namespace, or --no-pivot) */
	bool in_mount_ns;     /* a new mount namespace: mounts can be made */
	uint64_t propagation; /* MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE | MS_REC
			       * of "/"; 0: not said */
	bool is_peer;         /* (r)shared: mounts propagate to the host */
};

enum mount_kind {
	MOUNT_FS,     /* a new instance of a file system */
	MOUNT_BIND,   /* a clone of plan_source */
	MOUNT_CGROUP, /* the container's own cgroup view: see mounts/cgroupfs.c */
	MOUNT_CHANGE, /* remount: change what is mounted there already */
};

struct plan_fs_option {
	const char *key, *value; /* value NULL: a flag */
	size_t index;            /* in the mount's options, for messages */
};

struct plan_mount {
	const struct spec_mount *spec;
	enum mount_kind kind;
	const char *destination; /* absolute, lexically clean */
	const char *fs_type;
	size_t source;               /* index in sources, NO_SOURCE if none */
	uint64_t attr_set, attr_clr; /* MOUNT_ATTR_*, this mount only */
	uint64_t rec_set, rec_clr;   /* MOUNT_ATTR_*, with submounts */
	uint64_t propagation;        /* MS_SHARED ..., 0: leave */
	bool propagation_recursive;
	bool tmpcopyup;
	bool has_mode;                 /* tmpfs with mode=: do not copy the target's */
	bool readonly_fs;              /* "ro" of the super block, where it is ours */
	struct plan_fs_option *option; /* everything that is no generic option */
	size_t n_options;
	bool is_bind, is_rbind; /* bind or rbind was said (a remount may be one too) */
	bool late_readonly;     /* read-only at the end: things are still made in it */
	bool by_mount2;         /* what only mount(2) can say: data, ms_flags */
	const char *data;       /* the options as one text, for mount(2) */
	unsigned long ms_flags; /* MS_I_VERSION, MS_SILENT */
	size_t n_sources;       /* from source on; cgroup may have several */
	uint64_t *id;           /* init notes the id of what it mounted in its copy */
};
struct plan_mounts {
	size_t n;
	struct plan_mount *v;
	size_t n_early; /* those before the first proc mount when the pid namespace is
			   entered late */
};

struct plan_device {
	const char *path;
	unsigned mode; /* S_IFCHR | S_IFBLK | S_IFIFO and permissions */
	dev_t rdev;
	uid_t uid;
	gid_t gid;
	size_t source;     /* to bind in a user namespace, else NO_SOURCE */
	const char *field; /* "/linux/devices/2", NULL for a default one */
};
struct plan_devices {
	size_t n;
	struct plan_device *v;
	bool has_links; /* /dev is ours: ptmx, fd, stdin, ... are made in it */
};

struct plan_paths {
	size_t null_source; /* the host's /dev/null, to mask files; NO_SOURCE: no masks */
};

struct plan_sysctl {
	const char *file; /* below /proc/sys: "net/ipv4/ip_forward" */
	const char *value, *key;
};
struct plan_sysctls {
	size_t n;
	struct plan_sysctl *v;
};

struct plan_caps {
	uint64_t bounding, effective, permitted, inheritable, ambient;
};

struct plan_seccomp {
	bool is_set;
	struct bpf_insn_classic *prog;
	size_t n;
	unsigned flags; /* SECCOMP_FILTER_FLAG_* */
};

/* One value to write; the golden plans of `create --dry-run` are made of these. */
struct plan_cgroup_write {
	const char *controller; /* "memory" */
	const char *file, *value;
	const char *field; /* JSON pointer */
	bool with_next;    /* if it is refused with EINVAL, the next one goes first */
	int tolerate;      /* this errno is no failure; 0: every one is */
};
struct plan_cgroup {
	bool disabled;      /* manager "none": no cgroup is made or joined */
	const char *path;   /* below each hierarchy's root: "/tare/web" */
	uint32_t v1_joined; /* bit n: hierarchy->v1[n] is joined */
	struct plan_cgroup_write *write;
	size_t n_writes;
	struct bpf_insn_ebpf *device_prog; /* v2; NULL: v1, or all devices are allowed */
	size_t n_device_prog;
};

struct plan {
	struct arena arena;
	const struct spec *spec;
	const struct host *host;
	const struct options *options;
	bool is_exec;  /* a further process of a container that runs */
	bool pid_late; /* a joined pid namespace that is entered after the pivot */

	struct plan_namespaces ns;
	struct plan_idmap idmap;
	struct plan_sources sources;
	struct plan_root root;
	struct plan_mounts mounts;
	struct plan_devices devices;
	struct plan_paths paths;
	struct plan_sysctls sysctls;
	struct plan_caps caps;
	struct plan_seccomp seccomp;
	struct plan_cgroup cgroup;
	char **argv, **envp;
	size_t n_envp;
	char *home_entry; /* ENV_HOME_SIZE bytes for "HOME=..."; envp has room for it;
			   * NULL: the config says it, see process/env.c */
	char *exec_path;  /* EXEC_PATH_SIZE bytes for exec_init_lookup()'s result */
};

/*
 * What exists on the host because of this container. Strings belong to the
 * container's arena. Everything an undo needs is here: `delete` in another
 * process reads it back from state.json.
 */
struct held {
	const char *id, *state_dir; /* absolute */
	pid_t pid;                  /* init on the host, 0 before the clone */
	uint64_t start_time;        /* of pid, see sys_proc_stat() */
	const char *cgroup_manager; /* "cgroupfs", "disabled" */
	const char *cgroup_path;    /* "" when none */
	const char *cgroup_made;    /* where we made parents too: see cgroup/dirs.h */
	uint32_t cgroup_v1_joined;  /* as in plan_cgroup */
	const struct cgroup_hierarchy *cgroup; /* of this process, not persisted; NULL:
						* probed when it is needed */
};

#define MAX_CGROUP_TASKS 16 /* more than there are v1 hierarchies */

struct inside {
	int root_fd; /* the rootfs clone, attached: "/" of the container to be */
	int proc_fd; /* a procfs of our own, never the image's; -EBADF before it is made
		      */
	int ns_fd[NS_KINDS];  /* joined namespaces, verified by type */
	int *source_fd;       /* sources.n detached trees */
	int console_fd;       /* peer side of the terminal, -EBADF without one */
	bool in_cwd;          /* cwd_init_try() got there with the runtime's privileges */
	bool groups_left;     /* user_init() left the supplementary groups as they were */
	int *cgroup_tasks_fd; /* v1: the `tasks` files init writes "0" to */
	size_t n_cgroup_tasks;
	bool pivoted;
};
