# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/personality

load ../lib

@test "LINUX32 and LINUX" {
	[ "$(uname -m)" = x86_64 ] || skip "shown for x86_64"
	is_tare || skip "not in runtimes of that age"
	inside 'uname -m' '.linux.personality = {domain: "LINUX32"}'
	is "$output" i686
	inside 'uname -m' '.linux.personality = {domain: "LINUX"}'
	is "$output" x86_64
}

@test "it is set before the filter that may refuse it" {
	[ "$(uname -m)" = x86_64 ] || skip "shown for x86_64"
	is_tare || skip "not in runtimes of that age"
	inside 'uname -m' '.linux.personality = {domain: "LINUX32"} | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{names: ["personality"], action: "SCMP_ACT_ERRNO"}]}'
	is "$output" i686
}

@test "flags, an unknown domain, none" {
	is_tare || skip "not in runtimes of that age"
	refused /linux/personality/flags "" '.linux.personality = {domain: "LINUX", flags: ["ADDR_NO_RANDOMIZE"]}'
	refused /linux/personality/domain "" '.linux.personality = {domain: "WINDOWS"}'
	refused "/linux/personality(/domain)?" domain '.linux.personality = {}'
	refused /linux/personality "" '.linux.personality = "LINUX"'
}
