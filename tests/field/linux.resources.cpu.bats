# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/resources/cpu

load ../lib

setup() {
	tare_setup
	need_v1 cpu
}

cpu() { cat "$(v1_dir cpu)/cpu.$1"; }
cpuset() { cat "$(v1_dir cpuset)/cpuset.$1"; }

@test "shares" {
	up '.linux.resources.cpu = {shares: 512}'
	is "$(cpu shares)" 512
}

@test "shares 0 is as if absent" {
	up '.linux.resources.cpu = {shares: 0}'
	[ ! -d "$(v1_dir cpu)" ] || is "$(cpu shares)" 1024
}

@test "quota and period" {
	up '.linux.resources.cpu = {quota: 20000, period: 50000}'
	is "$(cpu cfs_quota_us)" 20000
	is "$(cpu cfs_period_us)" 50000
}

@test "quota alone, period alone" {
	up '.linux.resources.cpu = {quota: 20000}'
	is "$(cpu cfs_quota_us)" 20000
	is "$(cpu cfs_period_us)" 100000
	ok delete --force "$ID"
	up '.linux.resources.cpu = {period: 50000}'
	is "$(cpu cfs_quota_us)" -1
	is "$(cpu cfs_period_us)" 50000
}

@test "a quota that is valid only with the new period" {
	# 2 s in 100 ms is more than the CPUs; the order of the two writes must not matter.
	up '.linux.resources.cpu = {quota: 2000, period: 1000000}'
	is "$(cpu cfs_quota_us)" 2000
	is "$(cpu cfs_period_us)" 1000000
}

@test "quota -1 is none" {
	up '.linux.resources.cpu = {quota: -1}'
	is "$(cpu cfs_quota_us)" -1
}

@test "burst" {
	need_v1 cpu
	up '.linux.resources.cpu = {quota: 50000, period: 100000, burst: 10000}'
	is "$(cpu cfs_burst_us)" 10000
}

@test "idle" {
	need_v1 cpu
	up '.linux.resources.cpu = {idle: 1}'
	is "$(cpu idle)" 1
}

@test "real-time runtime and period: what the kernel lacks is an error that names the file" {
	need_v1 cpu
	if [ -e /sys/fs/cgroup/cpu/cpu.rt_period_us ]; then
		up '.linux.resources.cpu = {realtimePeriod: 1000000, realtimeRuntime: 0}'
		is "$(cpu rt_period_us)" 1000000
	else
		refused /linux/resources/cpu/realtimePeriod rt_period_us \
			'.linux.resources.cpu = {realtimePeriod: 1000000}'
	fi
}

@test "cpus and mems" {
	need_v1 cpuset
	up '.linux.resources.cpu = {cpus: "0", mems: "0"}'
	is "$(cpuset cpus)" 0
	is "$(cpuset mems)" 0
	ok exec "$ID" sh -c 'grep Cpus_allowed_list /proc/self/status | cut -f2'
	is "$output" 0
}

@test "cpus alone: the memory nodes are the parent's" {
	need_v1 cpuset
	up '.linux.resources.cpu = {cpus: "0"}'
	is "$(cpuset cpus)" 0
	is "$(cpuset mems)" "$(cat /sys/fs/cgroup/cpuset/cpuset.mems)"
}

@test "a CPU that is not there" {
	need_v1 cpuset
	script true '.linux.resources.cpu = {cpus: "100000"}'
	try run "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || has "$stderr" /linux/resources/cpu/cpus
}

@test "the affinity is not the caller's" {
	[ "$(nproc)" -gt 1 ] || skip "one CPU"
	put tools/probe
	program probe affinity
	try_command taskset -c 0 tare run "$ID"
	! is_tare || is "$output" "$(nproc)"
}

@test "a quota too small, wrong types" {
	refused "/linux/resources/cpu/quota" "" '.linux.resources.cpu = {quota: 1}'
	refused /linux/resources/cpu/shares "" '.linux.resources.cpu = {shares: "512"}'
	refused /linux/resources/cpu/shares "" '.linux.resources.cpu = {shares: -1}'
	refused /linux/resources/cpu/cpus "" '.linux.resources.cpu = {cpus: 0}'
	refused /linux/resources/cpu/period "" '.linux.resources.cpu = {period: 1.5}'
}
