# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/resources/memory

load ../lib

setup() {
	tare_setup
	need_v1 memory
}

# memory FILE: of the container's cgroup
memory() { cat "$(v1_dir memory)/memory.$1"; }

@test "limit" {
	up '.linux.resources.memory = {limit: 67108864}'
	is "$(memory limit_in_bytes)" 67108864
}

@test "the limit is in force: what goes over it is killed" {
	# A shell variable that grows, in a child: init tells its end.
	inside 'sh -c "x=xxxxxxxxxxxxxxxx; while :; do x=\$x\$x; done"; echo status $?' \
		'.linux.resources.memory = {limit: 8388608, swap: 8388608}'
	is "$output" "status 137"
}

@test "reservation" {
	up '.linux.resources.memory = {limit: 67108864, reservation: 33554432}'
	is "$(memory soft_limit_in_bytes)" 33554432
}

@test "swap counts memory and swap together" {
	[ -e "$(dirname "$(v1_dir memory)")/../memory.memsw.limit_in_bytes" ] ||
		[ -e /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes ] || skip "no swap accounting"
	up '.linux.resources.memory = {limit: 67108864, swap: 134217728}'
	is "$(memory limit_in_bytes)" 67108864
	is "$(memory memsw.limit_in_bytes)" 134217728
}

@test "swap equal to limit: none" {
	up '.linux.resources.memory = {limit: 67108864, swap: 67108864}'
	is "$(memory memsw.limit_in_bytes)" 67108864
}

@test "-1 is no limit" {
	local none

	none=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes)
	up '.linux.resources.memory = {limit: -1, swap: -1}'
	is "$(memory limit_in_bytes)" "$none"
}

@test "swappiness" {
	up '.linux.resources.memory = {swappiness: 13}'
	is "$(memory swappiness)" 13
}

@test "disableOOMKiller" {
	up '.linux.resources.memory = {limit: 67108864, disableOOMKiller: true}'
	has "$(memory oom_control)" "oom_kill_disable 1"
}

@test "disableOOMKiller false" {
	up '.linux.resources.memory = {disableOOMKiller: false}'
	has "$(memory oom_control)" "oom_kill_disable 0"
}

@test "checkBeforeUpdate and useHierarchy are accepted" {
	up '.linux.resources.memory = {limit: 67108864, checkBeforeUpdate: true, useHierarchy: true}'
	is "$(memory limit_in_bytes)" 67108864
}

@test "kernel and kernelTCP: the kernel has them no more, a warning" {
	script 'echo runs' '.linux.resources.memory = {kernel: 67108864, kernelTCP: 67108864}'
	try run "$ID"
	is "$status" 0
	is "$output" runs
	! is_tare || has "$stderr" /linux/resources/memory/kernel
}

@test "an empty object" {
	up '.linux.resources.memory = {}'
}

@test "swap without a limit, or below it" {
	is_tare || skip "the others leave it to the kernel"
	refused /linux/resources/memory/swap "" '.linux.resources.memory = {swap: 67108864}'
	refused /linux/resources/memory/swap "" '.linux.resources.memory = {limit: 67108864, swap: 33554432}'
}

@test "too small to start in" {
	script true '.linux.resources.memory = {limit: 4096}'
	LIMIT=15 try run "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "swappiness above 100, wrong types" {
	refused /linux/resources/memory/swappiness "" '.linux.resources.memory = {swappiness: 300}'
	refused /linux/resources/memory/limit "" '.linux.resources.memory = {limit: "64m"}'
	refused /linux/resources/memory/limit "" '.linux.resources.memory = {limit: 1.5}'
	refused /linux/resources/memory/disableOOMKiller "" '.linux.resources.memory = {disableOOMKiller: 1}'
	refused /linux/resources/memory "" '.linux.resources.memory = []'
}

@test "where only v2 is mounted the missing controller is named" {
	need_v2 memory
	VIEW=v2
	[[ " $("$TESTS/lib/view" v2 cat /sys/fs/cgroup/cgroup.controllers) " != *" memory "* ]] || skip "v2 has it"
	script true '.linux.resources.memory = {limit: 67108864}'
	try run "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || matches "$stderr" "/linux/resources/memory.*memory"
}
