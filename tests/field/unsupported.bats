# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Fields that are bound but not applied yet: create fails, it never drops one

load ../lib

setup() {
	is_tare || skip "about tare"
	tare_setup
}

@test "scheduling" {
	not_yet "/process/scheduler" '.process.scheduler = {policy: "SCHED_OTHER", nice: 5}'
	config 'del(.process.scheduler)'
	not_yet "/process/ioPriority" '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 4}'
	config 'del(.process.ioPriority)'
	not_yet "/process/execCPUAffinity" '.process.execCPUAffinity = {initial: "0"}'
}

@test "labels" {
	not_yet "/process/apparmorProfile" '.process.apparmorProfile = "profile"'
	config 'del(.process.apparmorProfile)'
	not_yet "/process/selinuxLabel" '.process.selinuxLabel = "system_u:system_r:container_t:s0"'
	config 'del(.process.selinuxLabel)'
	not_yet "/linux/mountLabel" '.linux.mountLabel = "system_u:object_r:container_file_t:s0"'
}

@test "time offsets, and a new time namespace" {
	config '.linux.namespaces += [{type: "time"}]'
	not_yet "/linux/(timeOffsets|namespaces/[0-9]+)" '.linux.timeOffsets = {boottime: {secs: 1, nanosecs: 0}}'
	config 'del(.linux.timeOffsets)'
	not_yet "/linux/namespaces/[0-9]+" '.'
}

@test "network devices, memory policy, Intel RDT" {
	not_yet "/linux/netDevices" '.linux.netDevices = {eth0: {name: "net0"}}'
	config 'del(.linux.netDevices)'
	not_yet "/linux/memoryPolicy" '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0"}'
	config 'del(.linux.memoryPolicy)'
	not_yet "/linux/intelRdt" '.linux.intelRdt = {closID: "x"}'
}

@test "block I/O, huge pages, RDMA, network classes" {
	not_yet "/linux/resources/blockIO" '.linux.resources.blockIO = {weight: 500}'
	config 'del(.linux.resources.blockIO)'
	not_yet "/linux/resources/hugepageLimits" '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 0}]'
	config 'del(.linux.resources.hugepageLimits)'
	not_yet "/linux/resources/rdma" '.linux.resources.rdma = {mlx5_1: {hcaHandles: 1}}'
	config 'del(.linux.resources.rdma)'
	not_yet "/linux/resources/network" '.linux.resources.network = {classID: 1}'
}

@test "a neutral value of one is no error" {
	inside 'echo runs' '.process.apparmorProfile = "" | .process.selinuxLabel = null | .linux.mountLabel = ""
		| .linux.netDevices = {} | .linux.intelRdt = null | .linux.timeOffsets = {} | .linux.resources.blockIO = {}
		| .linux.resources.hugepageLimits = [] | .linux.resources.rdma = {} | .linux.resources.network = {}
		| .process.ioPriority = null | .linux.memoryPolicy = null'
	is "$output" runs
}
