/* SPDX-License-Identifier: Apache-2.0 */
/* resources.c - the table of /linux/resources, also the document of `update`. */
#include "spec/bind.h"

#include <string.h>

#include "base/str.h"

#define SWAPPINESS_MAX 100

static const char *check_rule_type(const char *s)
{
	if (!*s || str_eq(s, "a") || str_eq(s, "b") || str_eq(s, "c"))
		return NULL;
	return "is not one of a, b, c";
}

static const char *check_access(const char *s)
{
	return s[strspn(s, "rwm")] ? "is not made of r, w and m" : NULL;
}

static const struct bind_field spec_device_rule_fields[] = {
	BIND(spec_device_rule, "allow", allow, .flags = REQUIRED),
	BIND(spec_device_rule, "type", type, .check = check_rule_type),
	BIND(spec_device_rule, "major", major),
	BIND(spec_device_rule, "minor", minor),
	BIND(spec_device_rule, "access", access, .check = check_access),
};
static BIND_TYPE(spec_device_rule);

static const struct bind_field spec_memory_fields[] = {
	BIND(spec_memory, "limit", limit),
	BIND(spec_memory, "reservation", reservation),
	BIND(spec_memory, "swap", swap),
	BIND(spec_memory, "kernel", kernel),
	BIND(spec_memory, "kernelTCP", kernel_tcp),
	BIND(spec_memory, "swappiness", swappiness, .max = SWAPPINESS_MAX),
	BIND(spec_memory, "disableOOMKiller", disable_oom_killer),
	BIND(spec_memory, "useHierarchy", use_hierarchy),
	BIND(spec_memory, "checkBeforeUpdate", check_before_update),
};
static BIND_TYPE(spec_memory);

static const struct bind_field spec_cpu_fields[] = {
	BIND(spec_cpu, "shares", shares),
	BIND(spec_cpu, "quota", quota),
	BIND(spec_cpu, "burst", burst),
	BIND(spec_cpu, "period", period),
	BIND(spec_cpu, "realtimeRuntime", realtime_runtime),
	BIND(spec_cpu, "realtimePeriod", realtime_period),
	BIND(spec_cpu, "cpus", cpus),
	BIND(spec_cpu, "mems", mems),
	BIND(spec_cpu, "idle", idle),
};
static BIND_TYPE(spec_cpu);

static const struct bind_field spec_pids_fields[] = {
	BIND(spec_pids, "limit", limit, .flags = REQUIRED),
};
static BIND_TYPE(spec_pids);

static const struct bind_field spec_weight_device_fields[] = {
	BIND(spec_weight_device, "major", major, .flags = REQUIRED),
	BIND(spec_weight_device, "minor", minor, .flags = REQUIRED),
	BIND(spec_weight_device, "weight", weight),
	BIND(spec_weight_device, "leafWeight", leaf_weight),
};
static BIND_TYPE(spec_weight_device);

static const struct bind_field spec_throttle_device_fields[] = {
	BIND(spec_throttle_device, "major", major, .flags = REQUIRED),
	BIND(spec_throttle_device, "minor", minor, .flags = REQUIRED),
	BIND(spec_throttle_device, "rate", rate),
};
static BIND_TYPE(spec_throttle_device);

static const struct bind_field spec_block_io_fields[] = {
	BIND(spec_block_io, "weight", weight),
	BIND(spec_block_io, "leafWeight", leaf_weight),
	BIND_LIST(spec_block_io, "weightDevice", weight_device, spec_weight_device),
	BIND_LIST(spec_block_io, "throttleReadBpsDevice", throttle_read_bps_device,
		  spec_throttle_device),
	BIND_LIST(spec_block_io, "throttleWriteBpsDevice", throttle_write_bps_device,
		  spec_throttle_device),
	BIND_LIST(spec_block_io, "throttleReadIOPSDevice", throttle_read_iops_device,
		  spec_throttle_device),
	BIND_LIST(spec_block_io, "throttleWriteIOPSDevice", throttle_write_iops_device,
		  spec_throttle_device),
};
static BIND_TYPE(spec_block_io);

/* ^[1-9][0-9]*[KMG]B$: it becomes part of a file name. */
static const char *check_page_size(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (n > 0 && *s != '0' && s[n] && strchr("KMG", s[n]) && str_eq(s + n + 1, "B"))
		return NULL;
	return "is not a page size like 64KB, 2MB or 1GB";
}

static const struct bind_field spec_hugepage_limit_fields[] = {
	BIND(spec_hugepage_limit, "pageSize", page_size, .flags = REQUIRED,
	     .check = check_page_size),
	BIND(spec_hugepage_limit, "limit", limit, .flags = REQUIRED),
};
static BIND_TYPE(spec_hugepage_limit);

static const struct bind_field spec_interface_priority_fields[] = {
	BIND(spec_interface_priority, "name", name, .flags = REQUIRED),
	BIND(spec_interface_priority, "priority", priority, .flags = REQUIRED),
};
static BIND_TYPE(spec_interface_priority);

static const struct bind_field spec_network_fields[] = {
	BIND(spec_network, "classID", class_id),
	BIND_LIST(spec_network, "priorities", priorities, spec_interface_priority),
};
static BIND_TYPE(spec_network);

static const struct bind_field spec_rdma_fields[] = {
	BIND(spec_rdma, "hcaHandles", hca_handles),
	BIND(spec_rdma, "hcaObjects", hca_objects),
};
static BIND_TYPE(spec_rdma);

static const struct bind_field spec_resources_fields[] = {
	BIND_LIST(spec_resources, "devices", devices, spec_device_rule),
	BIND_OBJ(spec_resources, "memory", memory, spec_memory),
	BIND_OBJ(spec_resources, "cpu", cpu, spec_cpu),
	BIND_OBJ(spec_resources, "pids", pids, spec_pids),
	BIND_OBJ(spec_resources, "blockIO", block_io, spec_block_io, .flags = NOT_YET),
	BIND_LIST(spec_resources, "hugepageLimits", hugepage_limits, spec_hugepage_limit,
		  .flags = NOT_YET),
	BIND_OBJ(spec_resources, "network", network, spec_network, .flags = NOT_YET),
	BIND_MAP(spec_resources, "rdma", rdma, spec_rdma, .flags = NOT_YET),
	BIND(spec_resources, "unified", unified),
};
BIND_TYPE(spec_resources);
