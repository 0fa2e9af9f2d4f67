# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare pause and tare resume

load ../lib

# A program that counts, ten times a second
counting() {
	script 'i=0; while :; do i=$((i + 1)); echo $i >/count; sleep 0.05; done'
	ok run -d "$ID"
	until_true 5 [ -s rootfs/count ]
}

stands_still() {
	local before

	before=$(cat rootfs/count)
	sleep 0.4
	[ "$(cat rootfs/count)" = "$before" ]
}

goes_on() {
	counting
	ok pause "$ID"
	is "$output$stderr" ""
	is "$(state_of "$ID")" paused
	stands_still || fail "it goes on"
	ok resume "$ID"
	is "$output$stderr" ""
	is "$(state_of "$ID")" running
	until_true 5 moves
	ok delete --force "$ID"
}
moves() { ! stands_still; }

@test "all processes stand still, and go on" { goes_on; }

@test "v1 alone" {
	has_v1 freezer || skip "no v1 freezer hierarchy"
	VIEW=v1
	goes_on
}

@test "v2 alone" {
	has_v2 || skip "no cgroup2 mount"
	VIEW=v2
	goes_on
}

@test "processes of exec stand still, too" {
	up
	ok exec -d "$ID" sh -c 'i=0; while :; do i=$((i + 1)); echo $i >/count; sleep 0.05; done'
	until_true 5 [ -s rootfs/count ]
	ok pause "$ID"
	stands_still || fail "it goes on"
	ok resume "$ID"
}

@test "paused twice" {
	up
	ok pause "$ID"
	try pause "$ID"
	is "$status" 1
	is "$(state_of "$ID")" paused
	ok resume "$ID"
}

@test "resume of what is not paused" {
	up
	fails 1 "container not paused" resume "$ID"
	program sleep 1000
	ok create "$ID2"
	try resume "$ID2"
	is "$status" 1
}

@test "a stopped container, none" {
	program true
	ok run -d "$ID"
	wait_status "$ID" stopped
	fails 1 "container not running" pause "$ID"
	try resume "$ID"
	is "$status" 1
	fails 1 "container does not exist" pause "$ID2"
	fails 1 "container does not exist" resume "$ID2"
}

@test "killed while paused: it ends at once" {
	up
	ok pause "$ID"
	pid=$(pid_of "$ID")
	ok kill "$ID" KILL
	is_tare || ok resume "$ID"
	wait_gone "$pid"
	ok delete --force "$ID"
}
