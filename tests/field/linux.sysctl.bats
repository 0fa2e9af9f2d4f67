# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/sysctl

load ../lib

sysctl() { inside "cat $1" ".linux.sysctl = $2"; }

@test "of the network namespace" {
	sysctl /proc/sys/net/ipv4/ip_forward '{"net.ipv4.ip_forward": "1"}'
	is "$output" 1
}

@test "of the ipc namespace" {
	sysctl "/proc/sys/kernel/msgmax /proc/sys/kernel/shmmax /proc/sys/fs/mqueue/msg_max" \
		'{"kernel.msgmax": "4096", "kernel.shmmax": "1048576", "fs.mqueue.msg_max": "20"}'
	is "$output" $'4096\n1048576\n20'
}

@test "of the uts namespace" {
	inside 'cat /proc/sys/kernel/domainname' '.linux.sysctl = {"kernel.domainname": "example.org"} | del(.domainname)'
	is "$output" example.org
}

@test "slashes, and a name with a dot in it" {
	sysctl /proc/sys/net/ipv4/ip_forward '{"net/ipv4/ip_forward": "1"}'
	is "$output" 1
}

@test "the host's value stays" {
	local before

	before=$(cat /proc/sys/kernel/msgmax)
	sysctl /proc/sys/kernel/msgmax '{"kernel.msgmax": "4096"}'
	is "$(cat /proc/sys/kernel/msgmax)" "$before"
}

@test "one of the host is refused" {
	refused "/linux/sysctl/vm.swappiness" vm.swappiness '.linux.sysctl = {"vm.swappiness": "1"}'
	refused "/linux/sysctl/kernel.panic" kernel.panic '.linux.sysctl = {"kernel.panic": "1"}'
	without network
	refused "/linux/sysctl/net.ipv4.ip_forward" net.ipv4.ip_forward '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	without ipc
	refused "/linux/sysctl/kernel.msgmax" kernel.msgmax '.linux.sysctl = {"kernel.msgmax": "1"}'
}

@test "the host's network by its path is refused as well" {
	refused "/linux/sysctl/net.ipv4.ip_forward" net.ipv4.ip_forward '.linux.sysctl = {"net.ipv4.ip_forward": "1"}
		| .linux.namespaces |= map(if .type == "network" then .path = "/proc/self/ns/net" else . end)'
}

@test "names that lead elsewhere are refused" {
	# CVE-2022-0811
	local key before

	before=$(cat /proc/sys/kernel/panic)
	for key in net/../kernel/panic net.../kernel/panic ../kernel/panic /net/ipv4/ip_forward \
		net.ipv4.ip_forward/../../../kernel/panic "net.ipv4 ip" net.; do
		refused "/linux/sysctl/.*" "" ".linux.sysctl = {\"$key\": \"1\"}"
	done
	is "$(cat /proc/sys/kernel/panic)" "$before"
}

@test "a name that the kernel does not have" {
	refused "/linux/sysctl/net.nosuch" net.nosuch '.linux.sysctl = {"net.nosuch": "1"}'
}

@test "a value that the kernel refuses" {
	refused "/linux/sysctl/net.ipv4.ip_forward" net.ipv4.ip_forward '.linux.sysctl = {"net.ipv4.ip_forward": "many"}'
}

@test "kernel.hostname beside hostname" {
	is_tare || skip "the others differ"
	refused "/linux/sysctl/kernel.hostname" hostname '.hostname = "one" | .linux.sysctl = {"kernel.hostname": "two"}'
}

@test "values must be strings" {
	refused "/linux/sysctl/net.ipv4.ip_forward" string '.linux.sysctl = {"net.ipv4.ip_forward": 1}'
	refused "/linux/sysctl" "" '.linux.sysctl = "x"'
}
