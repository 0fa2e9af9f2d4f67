/* SPDX-License-Identifier: Apache-2.0 */
/* linux.c - the table of /linux; resources and seccomp have files of their own. */
#include "spec/bind.h"

#include <string.h>
#include <sys/stat.h>

#include "base/str.h"

#define FILE_MODE_MAX 0777
#define NANOSECS_MAX  999999999

const char *const words_namespace[] = {
	"cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts", NULL,
};

static const struct bind_field spec_namespace_fields[] = {
	BIND(spec_namespace, "type", type, .flags = REQUIRED, .one_of = words_namespace),
	BIND(spec_namespace, "path", path),
};
static BIND_TYPE(spec_namespace);

static const char *const words_device[] = { "c", "b", "u", "p", NULL };

static const struct bind_field spec_device_fields[] = {
	BIND(spec_device, "path", path, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_device, "type", type, .flags = REQUIRED, .one_of = words_device),
	BIND(spec_device, "major", major),
	BIND(spec_device, "minor", minor),
	BIND(spec_device, "fileMode", file_mode, .max = S_IFMT | FILE_MODE_MAX),
	BIND(spec_device, "uid", uid, .max = BIND_ID_MAX),
	BIND(spec_device, "gid", gid, .max = BIND_ID_MAX),
};

/* spec/lenient.txt: fileMode may say the type once more, if it is the same. */
static const char *check_device(const void *object, const char **ret_member)
{
	const struct spec_device *d = object;
	mode_t format = S_IFCHR;

	if (str_eq(d->type, "b"))
		format = S_IFBLK;
	else if (str_eq(d->type, "p"))
		format = S_IFIFO;
	if (d->file_mode.v <= FILE_MODE_MAX ||
	    (d->file_mode.v & ~(uint32_t)FILE_MODE_MAX) == format)
		return NULL;
	*ret_member = "fileMode";
	return "must be between 0 and 511, except for the file type bits of its 'type'";
}
static BIND_TYPE(spec_device, .check = check_device);

static const struct bind_field spec_net_device_fields[] = {
	BIND(spec_net_device, "name", name),
};
static BIND_TYPE(spec_net_device);

/* ^MB:[^\n]*$ */
static const char *check_mem_bw(const char *s)
{
	return str_after(s, "MB:") && !strchr(s, '\n')
		       ? NULL
		       : "is not a line that begins with MB:";
}

static const struct bind_field spec_intel_rdt_fields[] = {
	BIND(spec_intel_rdt, "closID", clos_id),
	BIND(spec_intel_rdt, "schemata", schemata),
	BIND(spec_intel_rdt, "l3CacheSchema", l3_cache_schema),
	BIND(spec_intel_rdt, "memBwSchema", mem_bw_schema, .check = check_mem_bw),
	BIND(spec_intel_rdt, "enableMonitoring", enable_monitoring),
};
static BIND_TYPE(spec_intel_rdt);

static const char *const words_mpol[] = {
	"MPOL_DEFAULT",    "MPOL_BIND",
	"MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE",
	"MPOL_PREFERRED",  "MPOL_PREFERRED_MANY",
	"MPOL_LOCAL",      NULL,
};

static const char *const words_mpol_flag[] = {
	"MPOL_F_NUMA_BALANCING",
	"MPOL_F_RELATIVE_NODES",
	"MPOL_F_STATIC_NODES",
	NULL,
};

static const struct bind_field spec_memory_policy_fields[] = {
	BIND(spec_memory_policy, "mode", mode, .one_of = words_mpol),
	BIND(spec_memory_policy, "nodes", nodes),
	BIND(spec_memory_policy, "flags", flags, .one_of = words_mpol_flag),
};
static BIND_TYPE(spec_memory_policy);

static const char *const words_personality[] = { "LINUX", "LINUX32", NULL };

static const struct bind_field spec_personality_fields[] = {
	BIND(spec_personality, "domain", domain, .one_of = words_personality),
	BIND(spec_personality, "flags", flags),
};
static BIND_TYPE(spec_personality);

static const struct bind_field spec_time_offset_fields[] = {
	BIND(spec_time_offset, "secs", secs),
	BIND(spec_time_offset, "nanosecs", nanosecs, .max = NANOSECS_MAX),
};
static BIND_TYPE(spec_time_offset);

static const struct bind_field spec_time_offsets_fields[] = {
	BIND_OBJ(spec_time_offsets, "boottime", boottime, spec_time_offset),
	BIND_OBJ(spec_time_offsets, "monotonic", monotonic, spec_time_offset),
};
static BIND_TYPE(spec_time_offsets);

/* spec/lenient.txt: the schema has only those without "r". */
static const char *const words_propagation[] = {
	"private", "shared", "slave",       "unbindable", "rprivate",
	"rshared", "rslave", "runbindable", NULL,
};

static const struct bind_field spec_linux_fields[] = {
	BIND_LIST(spec_linux, "uidMappings", uid_mappings, spec_id_mapping),
	BIND_LIST(spec_linux, "gidMappings", gid_mappings, spec_id_mapping),
	BIND(spec_linux, "sysctl", sysctl),
	BIND_OBJ(spec_linux, "resources", resources, spec_resources),
	BIND(spec_linux, "cgroupsPath", cgroups_path),
	BIND_LIST(spec_linux, "namespaces", namespaces, spec_namespace),
	BIND_LIST(spec_linux, "devices", devices, spec_device),
	BIND_MAP(spec_linux, "netDevices", net_devices, spec_net_device,
		 .flags = NOT_YET),
	BIND_OBJ(spec_linux, "seccomp", seccomp, spec_seccomp),
	BIND(spec_linux, "rootfsPropagation", rootfs_propagation,
	     .one_of = words_propagation),
	BIND(spec_linux, "maskedPaths", masked_paths),
	BIND(spec_linux, "readonlyPaths", readonly_paths),
	BIND(spec_linux, "mountLabel", mount_label, .flags = NOT_YET),
	BIND_OBJ(spec_linux, "intelRdt", intel_rdt, spec_intel_rdt, .flags = NOT_YET),
	BIND_OBJ(spec_linux, "memoryPolicy", memory_policy, spec_memory_policy,
		 .flags = NOT_YET),
	BIND_OBJ(spec_linux, "personality", personality, spec_personality),
	BIND_OBJ(spec_linux, "timeOffsets", time_offsets, spec_time_offsets,
		 .flags = NOT_YET),
};
BIND_TYPE(spec_linux);
