/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - config.json as plain structs.
 *
 * One struct an object, one member a field, named as in the document but in
 * snake_case. Objects are embedded, so that `s->linux.resources.memory.limit`
 * can be read without asking at every level whether the object is there;
 * `is_set` tells it where presence matters. Scalars whose absence differs from
 * zero are `struct opt_*`; a string is NULL, a list empty, when absent.
 *
 * Everything here is owned by the arena of the `struct spec` and lives as long
 * as that; nothing is written after spec_load() returned. Enumerations stay
 * strings: the parser has already refused every other word.
 *
 * OCI: runtime-spec 1.3.0, config.md and config-linux.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct err;

struct opt_bool {
	bool set, v;
};
struct opt_u16 {
	bool set;
	uint16_t v;
};
struct opt_u32 {
	bool set;
	uint32_t v;
};
struct opt_i32 {
	bool set;
	int32_t v;
};
struct opt_u64 {
	bool set;
	uint64_t v;
};
struct opt_i64 {
	bool set;
	int64_t v;
};

struct str_list {
	size_t n;
	const char **v; /* v[n] is NULL, so that v can be an argv; NULL when n is 0 */
	bool is_set;    /* [] differs from absent for args and capabilities */
};

struct u32_list {
	size_t n;
	uint32_t *v;
};

/* A JSON object whose members are all strings, in the order of the document. */
struct str_pair {
	const char *key, *value;
};
struct str_map {
	size_t n;
	struct str_pair *v;
};

/* /process */

struct spec_console_size {
	bool is_set;
	uint64_t height, width;
};

struct spec_user {
	bool is_set;
	uint32_t uid, gid;
	struct opt_u32 umask;
	struct u32_list additional_gids;
	const char *username; /* Windows; ignored */
};

struct spec_capabilities {
	bool is_set;
	struct str_list bounding, permitted, effective, inheritable, ambient;
};

struct spec_io_priority {
	bool is_set;
	const char *class; /* IOPRIO_CLASS_* */
	struct opt_i32 priority;
};

struct spec_scheduler {
	bool is_set;
	const char *policy; /* SCHED_* */
	struct opt_i32 nice, priority;
	struct str_list flags; /* SCHED_FLAG_* */
	struct opt_u64 runtime, deadline, period;
};

struct spec_rlimit {
	const char *type; /* RLIMIT_* */
	uint64_t soft, hard;
};
struct spec_rlimit_list {
	size_t n;
	struct spec_rlimit *v;
};

struct spec_cpu_affinity {
	bool is_set;
	const char *initial, *final;
};

struct spec_process {
	bool is_set;
	struct str_list args, env;
	const char *command_line; /* Windows; ignored */
	struct spec_console_size console_size;
	const char *cwd;
	bool terminal;
	struct spec_user user;
	struct spec_capabilities capabilities;
	const char *apparmor_profile;
	struct opt_i64 oom_score_adj;
	const char *selinux_label;
	struct spec_io_priority io_priority;
	bool no_new_privileges;
	struct spec_scheduler scheduler;
	struct spec_rlimit_list rlimits;
	struct spec_cpu_affinity exec_cpu_affinity;
};

/* /root, /mounts, /hooks */

struct spec_root {
	bool is_set;
	const char *path;
	bool readonly;
};

struct spec_id_mapping {
	uint32_t container_id, host_id, size;
};
struct spec_id_mapping_list {
	size_t n;
	struct spec_id_mapping *v;
};

struct spec_mount {
	const char *destination, *type, *source;
	struct str_list options;
	struct spec_id_mapping_list uid_mappings, gid_mappings;
};
struct spec_mount_list {
	size_t n;
	struct spec_mount *v;
};

struct spec_hook {
	const char *path;
	struct str_list args, env;
	struct opt_i64 timeout; /* seconds, >= 1 */
};
struct spec_hook_list {
	size_t n;
	struct spec_hook *v;
};
struct spec_hooks {
	bool is_set;
	struct spec_hook_list prestart, create_runtime, create_container, start_container,
		poststart, poststop;
};

/* /linux */

struct spec_device {
	const char *path, *type; /* type is one of "c" "b" "u" "p" */
	struct opt_i64 major, minor;
	struct opt_u32 file_mode, uid, gid;
};
struct spec_device_list {
	size_t n;
	struct spec_device *v;
};

struct spec_net_device {
	const char *key;  /* name on the host */
	const char *name; /* name in the container; NULL keeps it */
};
struct spec_net_device_list {
	size_t n;
	struct spec_net_device *v;
};

struct spec_namespace {
	const char *type; /* mount pid network uts ipc user cgroup time */
	const char *path; /* NULL (or ""): a new one */
};
struct spec_namespace_list {
	size_t n;
	struct spec_namespace *v;
};

struct spec_device_rule {
	bool allow;
	const char *type; /* "a" "b" "c"; NULL: all */
	struct opt_i64 major, minor;
	const char *access; /* of "r" "w" "m"; NULL: all */
};
struct spec_device_rule_list {
	size_t n;
	struct spec_device_rule *v;
};

struct spec_pids {
	bool is_set;
	int64_t limit;
};

struct spec_throttle_device {
	int64_t major, minor;
	struct opt_u64 rate;
};
struct spec_throttle_device_list {
	size_t n;
	struct spec_throttle_device *v;
};

struct spec_weight_device {
	int64_t major, minor;
	struct opt_u16 weight, leaf_weight;
};
struct spec_weight_device_list {
	size_t n;
	struct spec_weight_device *v;
};

struct spec_block_io {
	bool is_set;
	struct opt_u16 weight, leaf_weight;
	struct spec_weight_device_list weight_device;
	struct spec_throttle_device_list throttle_read_bps_device,
		throttle_write_bps_device, throttle_read_iops_device,
		throttle_write_iops_device;
};

struct spec_cpu {
	bool is_set;
	const char *cpus, *mems;
	struct opt_u64 period, burst, realtime_period, shares;
	struct opt_i64 quota, realtime_runtime, idle;
};

struct spec_hugepage_limit {
	const char *page_size; /* "2MB" */
	uint64_t limit;
};
struct spec_hugepage_limit_list {
	size_t n;
	struct spec_hugepage_limit *v;
};

struct spec_memory {
	bool is_set;
	struct opt_i64 kernel, kernel_tcp, limit, reservation, swap;
	struct opt_u64 swappiness;
	struct opt_bool disable_oom_killer, use_hierarchy;
	bool check_before_update;
};

struct spec_interface_priority {
	const char *name;
	uint32_t priority;
};
struct spec_interface_priority_list {
	size_t n;
	struct spec_interface_priority *v;
};
struct spec_network {
	bool is_set;
	struct opt_u32 class_id;
	struct spec_interface_priority_list priorities;
};

struct spec_rdma {
	const char *key; /* device */
	struct opt_u32 hca_handles, hca_objects;
};
struct spec_rdma_list {
	size_t n;
	struct spec_rdma *v;
};

struct spec_resources {
	bool is_set;
	struct str_map unified;
	struct spec_device_rule_list devices;
	struct spec_pids pids;
	struct spec_block_io block_io;
	struct spec_cpu cpu;
	struct spec_hugepage_limit_list hugepage_limits;
	struct spec_memory memory;
	struct spec_network network;
	struct spec_rdma_list rdma;
};

struct spec_syscall_arg {
	uint32_t index;
	uint64_t value;
	struct opt_u64 value_two;
	const char *op; /* SCMP_CMP_* */
};
struct spec_syscall_arg_list {
	size_t n;
	struct spec_syscall_arg *v;
};
struct spec_syscall {
	struct str_list names;
	const char *action; /* SCMP_ACT_* */
	struct opt_u32 errno_ret;
	struct spec_syscall_arg_list args;
};
struct spec_syscall_list {
	size_t n;
	struct spec_syscall *v;
};
struct spec_seccomp {
	bool is_set;
	const char *default_action; /* SCMP_ACT_* */
	struct opt_u32 default_errno_ret;
	struct str_list flags; /* SECCOMP_FILTER_FLAG_* */
	const char *listener_path, *listener_metadata;
	struct str_list architectures; /* SCMP_ARCH_* */
	struct spec_syscall_list syscalls;
};

struct spec_intel_rdt {
	bool is_set;
	const char *clos_id;
	struct str_list schemata;
	const char *l3_cache_schema, *mem_bw_schema;
	bool enable_monitoring;
};

struct spec_memory_policy {
	bool is_set;
	const char *mode, *nodes; /* MPOL_* */
	struct str_list flags;    /* MPOL_F_* */
};

struct spec_personality {
	bool is_set;
	const char *domain; /* LINUX LINUX32 */
	struct str_list flags;
};

struct spec_time_offset {
	bool is_set;
	int64_t secs;
	uint32_t nanosecs;
};
struct spec_time_offsets {
	bool is_set;
	struct spec_time_offset boottime, monotonic;
};

struct spec_linux {
	bool is_set;
	struct spec_device_list devices;
	struct spec_net_device_list net_devices;
	struct spec_id_mapping_list uid_mappings, gid_mappings;
	struct spec_namespace_list namespaces;
	struct spec_resources resources;
	const char *cgroups_path;
	const char *rootfs_propagation;
	struct spec_seccomp seccomp;
	struct str_map sysctl;
	struct str_list masked_paths, readonly_paths;
	const char *mount_label;
	struct spec_intel_rdt intel_rdt;
	struct spec_memory_policy memory_policy;
	struct spec_personality personality;
	struct spec_time_offsets time_offsets;
};

struct spec {
	struct arena arena; /* owns all that follows */

	const char *oci_version;
	struct spec_hooks hooks;
	struct str_map annotations;
	const char *hostname, *domainname;
	struct spec_mount_list mounts;
	struct spec_root root;
	struct spec_process process;
	struct spec_linux linux;

	const char *text; /* the document itself, for spec_locate() on the error path */
	size_t text_len;
	const char *name;   /* how messages call the file: "config.json" */
	const char *prefix; /* what it is the value of in a config.json: "", "/process" */
};

/*
 * Read and bind a config.json. `path` is relative to dir_fd; only a regular
 * file of at most SPEC_MAX_SIZE bytes is read. On failure *ret is untouched and
 * e has kind ERR_CONFIG with file, line, column and pointer (or ERR_SYSTEM when
 * the file cannot be read). The caller frees with spec_free().
 */
#define SPEC_MAX_SIZE  (16u << 20)
#define SPEC_MAX_DEPTH 64

int spec_load(int dir_fd, const char *path, struct spec **ret, struct err *e);

/* The same from memory; `text` is copied into the arena, `name` must be a literal. */
int spec_parse(const char *text, size_t len, const char *name, struct spec **ret,
	       struct err *e);

/* Read a process.json (`exec --process`): only ->process of the result is set. */
int spec_load_process(int dir_fd, const char *path, struct spec **ret, struct err *e);

/* Read a LinuxResources (`update --resources`): only ->linux.resources is set. */
int spec_parse_resources(const char *text, size_t len, const char *name,
			 struct spec **ret, struct err *e);

void spec_free(struct spec *s);

static inline void cleanup_spec(struct spec **s)
{
	spec_free(*s);
}
#define autospec __attribute__((cleanup(cleanup_spec)))

/*
 * Where the value of JSON pointer `pointer` stands in s->text; 1-based. Parses
 * again, so only on the error path. Returns -ENOENT when there is no such value
 * and then locates the nearest enclosing value; both outputs are 0 if there is
 * none at all.
 */
int spec_locate(const struct spec *s, const char *pointer, unsigned *ret_line,
		unsigned *ret_col);
