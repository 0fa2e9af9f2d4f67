# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/resources/pids/limit

load ../lib

setup() {
	tare_setup
	need_v1 pids
}

pids() { cat "$(v1_dir pids)/pids.max"; }

@test "limit" {
	up '.linux.resources.pids = {limit: 32}'
	is "$(pids)" 32
}

@test "the limit is in force" {
	inside 'for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done' '.linux.resources.pids = {limit: 4}' || :
	has "$stderr" "fork"
}

@test "-1 is no limit" {
	up '.linux.resources.pids = {limit: -1}'
	is "$(pids)" max
}

@test "0 is a limit, too" {
	is_tare || skip "another meaning in runtimes of that age"
	up '.linux.resources.pids = {limit: 0}'
	is "$(pids)" 0
}

@test "missing, wrong types" {
	refused "/linux/resources/pids/limit" "" '.linux.resources.pids = {limit: "32"}'
	refused "/linux/resources/pids/limit" "" '.linux.resources.pids = {limit: 1.5}'
	refused "/linux/resources/pids" "" '.linux.resources.pids = 32'
}
