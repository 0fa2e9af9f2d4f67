# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare delete

load ../lib

@test "a stopped container" {
	program true
	ok run -d "$ID"
	wait_status "$ID" stopped
	ok delete "$ID"
	is "$output$stderr" ""
	no_trace "$ID"
	fails 1 "container does not exist" state "$ID"
}

@test "a created container" {
	program true
	ok create "$ID"
	pid=$(pid_of "$ID")
	ok delete "$ID"
	no_trace "$ID"
	wait_gone "$pid"
}

@test "a running one is refused, and goes on" {
	up
	fails 1 "cannot delete container $ID that is not stopped: running" delete "$ID"
	is "$(state_of "$ID")" running
	ok pause "$ID"
	try delete "$ID"
	is "$status" 1
	ok resume "$ID"
}

@test "--force of a running and of a paused one" {
	up
	ok delete --force "$ID"
	no_trace "$ID"
	up
	ok pause "$ID"
	ok delete -f "$ID"
	no_trace "$ID"
}

@test "no such container: an error, and none with --force" {
	fails 1 "does not exist" delete "$ID"
	ok delete --force "$ID"
	is "$output$stderr" ""
	ok delete -f "$ID"
}

@test "right after KILL, with processes of exec in it" {
	up
	ok exec -d "$ID" sleep 1000
	ok exec -d "$ID" sleep 1000
	ok kill "$ID" KILL
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "processes that the host shares are gone with it" {
	without pid
	program sh -c 'sleep 1000 & sleep 1000 & echo ready >/said; exit 0'
	ok run -d "$ID"
	until_true 5 [ -s rootfs/said ]
	! is_tare || wait_status "$ID" stopped
	pids=$(pgrep -f 'sleep 1000' || :)
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "six at once of a stopped one" {
	program true
	ok run -d "$ID"
	wait_status "$ID" stopped
	for i in 1 2 3 4 5 6; do
		{ rc=0; timeout 15 tare delete "$ID" >"$B/out.$i" 2>&1 || rc=$?; echo $rc >"$B/rc.$i"; } 3>&- 4>&- &
	done
	wait
	[ "$(grep -lx 0 "$B"/rc.* | wc -l)" -ge 1 ]
	is "$(grep -lx -e 0 -e 1 "$B"/rc.* | wc -l)" 6
	no_trace "$ID"
}

@test "six at once of a running one, with --force: all succeed" {
	up
	for i in 1 2 3 4 5 6; do
		{ rc=0; timeout 15 tare delete --force "$ID" >"$B/out.$i" 2>&1 || rc=$?; echo $rc >"$B/rc.$i"; } 3>&- 4>&- &
	done
	wait
	! is_tare || is "$(cat "$B"/rc.* | tr -d '\n')" 000000
	no_trace "$ID"
}

@test "--force while it is created: one of them wins, nothing is left" {
	local round

	is_tare || skip "the others leave something"
	program sleep 1000
	for round in 1 2 3 4 5 6 7 8; do
		{ timeout 15 tare create "$ID" >"$B/log" 2>&1 || :; } </dev/null 3>&- 4>&- &
		sleep "0.00$round"
		ok delete --force "$ID"
		wait
		# It may have come too early.
		ok delete --force "$ID"
		no_trace "$ID"
	done
}

@test "a state directory that is damaged" {
	is_tare || skip "about tare"
	program sleep 1000
	for damage in 'rm state.json' ': >state.json' 'echo "{" >state.json' 'echo "[]" >state.json' 'head -c 100 state.json >x; mv x state.json' 'rm -f *.json'; do
		ok create "$ID"
		pid=$(pid_of "$ID")
		(cd "$ROOT/$ID" && sh -c "$damage")
		try state "$ID"
		is "$status" 1
		ok delete --force "$ID"
		[ ! -e "$ROOT/$ID" ]
		# What the state does not say any more cannot be found by it.
		kill -KILL "$pid" 2>/dev/null || :
		until_true 5 gone "$pid"
		"$TESTS/lib/sweep" "tare/$ID"
	done
}

@test "an empty state directory is a create that has died" {
	is_tare || skip "about tare"
	mkdir -p "$ROOT/$ID"
	ok list
	ok delete --force "$ID"
	[ ! -e "$ROOT/$ID" ]
}

@test "the bundle is gone" {
	up
	mv "$BUNDLE" "$B/moved"
	cd /
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "a program that ignores everything but KILL" {
	script 'trap "" HUP INT TERM USR1; while :; do sleep 0.05; done'
	ok run -d "$ID"
	ok delete --force "$ID"
}

@test "a container with many processes" {
	script 'i=0; while [ $i -lt 300 ]; do sleep 1000 & i=$((i + 1)); done; echo ready >/said; wait'
	ok run -d "$ID"
	until_true 10 [ -s rootfs/said ]
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "hybrid, v1 and v2" {
	for view in v1 v2; do
		[ $view = v1 ] || has_v2 || continue
		[ $view = v2 ] || has_v1 memory || continue
		VIEW=$view
		script 'sleep 1000 & sleep 1000; :'
		ok run -d "$ID"
		ok delete --force "$ID"
		no_trace "$ID"
	done
}

@test "what could not be removed is found again" {
	is_tare || skip "how tare removes"
	command -v strace >/dev/null || fail "strace is missing: make deps"
	up
	try_command strace -f -qq -o "$B/trace" -e trace=unlinkat -e inject=unlinkat:error=EIO:when=1 \
		"$RUNTIME" --root "$ROOT" delete --force "$ID"
	is "$status" 1
	has "$stderr" EIO
	[ -n "$(cgroups_of "$ID")" ]
	is "$(state_of "$ID")" stopped
	ok delete --force "$ID"
	no_trace "$ID"
}

@test "a create that fails in a frozen v1 cgroup does not wait for ever" {
	need_v1 freezer
	printf '#!/bin/sh\ncat >/dev/null\necho FROZEN >%s/freezer.state\nexit 1\n' "$(v1_dir freezer)" >hook
	chmod 755 hook
	config --arg hook "$PWD/hook" '.hooks.createRuntime = [{path: $hook}]'
	try create "$ID"
	is "$status" 1
	no_trace "$ID"
}
