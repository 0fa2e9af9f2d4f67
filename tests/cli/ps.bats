# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare ps

load ../lib

@test "json: the pids on the host" {
	script 'sleep 1000 & sleep 1000; :'
	ok run -d "$ID"
	until_true 5 sh -c 'tare ps -f json "$ID" | jq -e "length == 3"'
	ok ps --format json "$ID"
	is "$stderr" ""
	has "$output" "$(pid_of "$ID")"
	for p in $(jq '.[]' <<<"$output"); do
		has "$(cat "/proc/$p/cgroup")" "$ID"
	done
	is "$(jq -c . <<<"$output")" "$(jq -c 'sort' <<<"$output")"
}

@test "the table: a line a process" {
	up
	ok ps "$ID"
	has "$(head -n 1 <<<"$output")" PID
	is "$(wc -l <<<"$output")" 2
	has "$output" "$(pid_of "$ID")"
	has "$output" "sleep 1000"
}

@test "arguments as ps takes them" {
	up
	ok ps "$ID" -ef
	has "$output" "sleep 1000"
	is_tare || return 0
	ok ps "$ID" -o pid,args
	matches "$(tail -n 1 <<<"$output")" "^ *$(pid_of "$ID") +sleep 1000$"
}

@test "processes of exec, and in cgroups below, too" {
	need_v1 memory
	up
	ok exec -d --pid-file "$B/pid" "$ID" sleep 1000
	ok ps -f json "$ID"
	has "$output" "$(cat "$B/pid")"
	is_tare || return 0
	mkdir "$(v1_dir memory)/below" "$(v1_dir pids)/below" "$(v1_dir devices)/below" "$(v1_dir freezer)/below"
	for c in memory pids devices freezer; do echo "$(cat "$B/pid")" >"$(v1_dir $c)/below/cgroup.procs"; done
	ok ps -f json "$ID"
	has "$output" "$(cat "$B/pid")"
}

@test "a created, a stopped, no container" {
	program true
	ok create "$ID"
	ok ps -f json "$ID"
	is "$(jq -c . <<<"$output")" "[$(pid_of "$ID")]"
	ok start "$ID"
	wait_status "$ID" stopped
	try ps -f json "$ID"
	! is_tare || is "$status$output" "0[]"
	fails 1 "container does not exist" ps "$ID2"
}

@test "without a ps on the host" {
	is_tare || skip "the others run it"
	up
	try_command env PATH=/nosuch "$RUNTIME" --root "$ROOT" ps "$ID"
	is "$status" 0
	has "$output" "sleep 1000"
}

@test "v2" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	up
	ok ps -f json "$ID"
	is "$(jq length <<<"$output")" 1
}
