# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/resources/unified

load ../lib

setup() {
	tare_setup
	has_v2 || skip "no cgroup2 mount"
	grep -qw hugetlb "$(v2_root)/cgroup.controllers" || skip "no hugetlb controller in v2"
	VIEW=v2
}

@test "a file of a controller" {
	up '.linux.resources.unified = {"hugetlb.2MB.max": "4194304"}'
	is "$(cat "$(v2_dir)/hugetlb.2MB.max")" 4194304
}

@test "on a hybrid machine too" {
	is_tare || skip "crun refuses hybrid, runc has no unified there"
	VIEW=
	up '.linux.resources.unified = {"hugetlb.2MB.max": "4194304"}'
	is "$(cat "$(v2_dir)/hugetlb.2MB.max")" 4194304
}

@test "cgroup.max.depth may be set" {
	is_tare || skip "not with the others"
	up '.linux.resources.unified = {"cgroup.max.depth": "3"}'
	is "$(cat "$(v2_dir)/cgroup.max.depth")" 3
}

@test "what would move, freeze or kill foreign processes is refused" {
	is_tare || skip "the others write it"
	for file in cgroup.procs cgroup.threads cgroup.kill cgroup.freeze cgroup.type cgroup.subtree_control; do
		refused "/linux/resources/unified/$file" "$file" ".linux.resources.unified = {\"$file\": \"1\"}"
	done
}

@test "a path is no file" {
	is_tare || skip "the others do not look"
	refused "/linux/resources/unified/.*" "" '.linux.resources.unified = {"../cgroup.max.depth": "1"}'
	refused "/linux/resources/unified/.*" "" '.linux.resources.unified = {"/etc/passwd": "1"}'
	refused "/linux/resources/unified/?" "" '.linux.resources.unified = {"": "1"}'
	refused "/linux/resources/unified/.*" "" '.linux.resources.unified = {"..": "1"}'
}

@test "an unknown file of a controller that is there" {
	refused "/linux/resources/unified/hugetlb.nosuch" "" '.linux.resources.unified = {"hugetlb.nosuch": "1"}'
}

@test "a controller that is not there" {
	refused "/linux/resources/unified/memory.max" memory '.linux.resources.unified = {"memory.max": "67108864"}'
}

@test "a value the kernel refuses" {
	refused "/linux/resources/unified/hugetlb.2MB.max" "" '.linux.resources.unified = {"hugetlb.2MB.max": "many"}'
}

@test "values must be strings" {
	refused "/linux/resources/unified/hugetlb.2MB.max" "" '.linux.resources.unified = {"hugetlb.2MB.max": 1}'
}

@test "where only v1 is mounted it cannot be had" {
	is_tare || skip "the others say nothing"
	VIEW=v1
	refused "/linux/resources/unified/hugetlb.2MB.max" "" '.linux.resources.unified = {"hugetlb.2MB.max": "4194304"}'
}
