# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare start

load ../lib

@test "the program runs when start returns" {
	script 'sleep 1000'
	ok create "$ID"
	ok start "$ID"
	is "$output$stderr" ""
	is "$(state_of "$ID")" running
	# execve has happened: it is no more our init.
	matches "$(tr '\0' ' ' <"/proc/$(pid_of "$ID")/cmdline")" '^s'
}

@test "a program that has ended before start returns" {
	program true
	ok create "$ID"
	ok start "$ID"
	wait_status "$ID" stopped
	is "$(tare state "$ID" | jq .pid)" 0
}

@test "started twice" {
	program sleep 1000
	ok create "$ID"
	ok start "$ID"
	fails 1 "cannot start an already running container" start "$ID"
	is "$(state_of "$ID")" running
}

@test "started again when it has ended" {
	program true
	ok create "$ID"
	ok start "$ID"
	wait_status "$ID" stopped
	try start "$ID"
	is "$status" 1
	is "$(state_of "$ID")" stopped
}

@test "started when its init was killed" {
	program true
	ok create "$ID"
	kill -KILL "$(pid_of "$ID")"
	wait_status "$ID" stopped
	LIMIT=5 try start "$ID"
	is "$status" 1
	is "$(state_of "$ID")" stopped
}

@test "init is killed in a startContainer hook: that is no start" {
	program sleep 1000
	config --arg log "$B/poststart" '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "sleep 1000"]}]
		| .hooks.poststart = [{path: "/bin/sh", args: ["sh", "-c", "echo ran >" + $log]}]'
	ok create "$ID"
	pid=$(pid_of "$ID")
	{ rc=0; timeout 10 tare start "$ID" >"$B/out.1" 2>&1 || rc=$?; echo $rc >"$B/rc.1"; } </dev/null 3>&- 4>&- &
	until_true 5 pgrep -P "$pid"
	kill -KILL "$pid"
	wait
	is "$(cat "$B/rc.1")" 1
	has "$(cat "$B/out.1")" 'init was killed before the program started'
	[ ! -e "$B/poststart" ]
	no_trace "$ID"
}

@test "six at once: one wins, the others say why, nobody hangs" {
	local i round

	for round in 1 2 3; do
		program sleep 1000
		ok create "$ID"
		for i in 1 2 3 4 5 6; do
			{ rc=0; timeout 10 tare start "$ID" >"$B/out.$i" 2>&1 || rc=$?; echo $rc >"$B/rc.$i"; } </dev/null 3>&- 4>&- &
		done
		wait
		is "$(grep -lx 0 "$B"/rc.* | wc -l)" 1
		is "$(grep -lx 1 "$B"/rc.* | wc -l)" 5
		! is_tare || is "$(grep -l 'cannot start an already running container' "$B"/out.* | wc -l)" 5
		ok delete --force "$ID"
	done
}

@test "a second one before init has seen the first" {
	local pid

	program sleep 1000
	ok create "$ID"
	pid=$(pid_of "$ID")
	kill -STOP "$pid"
	{ rc=0; timeout 10 tare start "$ID" >"$B/out.1" 2>&1 || rc=$?; echo $rc >"$B/rc.1"; } </dev/null 3>&- 4>&- &
	! is_tare || until_true 5 [ ! -e "$ROOT/$ID/go" ]
	fails 1 "cannot start an already running container" start "$ID"
	kill -CONT "$pid"
	wait
	is "$(cat "$B/rc.1")" 0
	is "$(state_of "$ID")" running
}

@test "the program cannot be executed: start says why, and the container is stopped" {
	# create finds it; between the two it goes.
	printf '#!/bin/sh\n' >rootfs/bin/tool
	chmod 755 rootfs/bin/tool
	program /bin/tool
	ok create "$ID"
	rm rootfs/bin/tool
	try start "$ID"
	is "$status" 1
	has "$stderr" 'exec: "/bin/tool"'
	! is_tare || has "$stderr" 'no such file or directory'
	ok delete --force "$ID"
}

@test "start needs nothing of the environment, and any directory" {
	program sleep 1000
	ok create "$ID"
	cd /
	try_command env -i XDG_RUNTIME_DIR= "$RUNTIME" --root "$ROOT" start "$ID"
	is "$status" 0
}

@test "no such container" {
	fails 1 "container does not exist" start "$ID"
}
