#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fault.bats - whatever step of create and run fails, or is where tare is killed, nothing
# is left: a failure rolls itself back, `delete --force` removes what SIGKILL leaves.
# The steps come from the two tables in the source, so that a new one is tested too; the
# program is tare-fault, tare with fault points (lib/init/fault.c).

load lib
bats_require_minimum_version 1.5.0

setup() {
	tare_setup
	FAULT=$TARE_BUILD/tare-fault
	[ -x "$FAULT" ] || fail "no $FAULT: make check builds it"
	config '.process.args = ["sleep", "60"] | .process.user.uid = 1000
		| .linux.resources.pids.limit = 50'
	mkdir -p hooks
	printf '#!/bin/sh\ncat >/dev/null\n' >hooks/hook
	chmod +x hooks/hook
}

steps_of() { # FILE TABLE: the names in the first column
	sed -n "/$2\[\] = {/,/^};/s/^	{ \"\([^\"]*\)\",.*/\1/p" "$TOP/$1"
}

host_steps() { steps_of lib/container/create.c host_steps; }
init_steps() { # those of create
	sed -n '/init_steps\[\] = {/,/^};/p' "$TOP/lib/init/steps.c" | grep -E '\b(CREATE|BOTH),' |
		sed 's/^	{ "\([^"]*\)",.*/\1/'
}

fault_tare() { TARE_FAIL_STEP=$1 timeout -k 5 20 "$FAULT" --root "$ROOT" "${@:2}" </dev/null >"$B/out" 2>"$B/err" 3>&- 4>&-; }

# A signal is sent; the death it causes is not waited for by anybody here.
settled() { until_true 5 nobody_left; }
nobody_left() { [ -z "$(processes_of "/$ID")" ]; }

failed_step_leaves_nothing() { # STEP
	if fault_tare "$1" run "$ID"; then
		fail "step '$1' was not reached"
	fi
	grep -q "step '$1' was told to fail" "$B/err" || fail "step '$1': another error" "$(cat "$B/err")"
	settled || fail "step '$1': processes are left"
	no_trace "$ID" || fail "step '$1' left something"
}

killed_step_is_repaired() { # STEP HOW
	local rc=0

	fault_tare "$1:$2" run "$ID" || rc=$?
	[ "$rc" = 137 ] || fail "step '$1:$2' was not reached: status $rc" "$(cat "$B/err")"
	ok delete --force "$ID"
	no_trace "$ID" || fail "step '$1:$2' left something"
}

@test "the tables are read: both have their steps" {
	[ "$(host_steps | wc -l)" -ge 10 ]
	[ "$(init_steps | wc -l)" -ge 35 ]
	[ -z "$( (host_steps; init_steps) | sort | uniq -d)" ]
}

@test "a failed host step is rolled back" {
	host_steps | while read -r step; do
		failed_step_leaves_nothing "$step" || exit 1
		failed_step_leaves_nothing "$step@after" || exit 1
	done
}

@test "a failed step of init is rolled back" {
	init_steps | grep -vx exec | while read -r step; do
		failed_step_leaves_nothing "$step" || exit 1
	done
}

@test "delete --force repairs SIGKILL of tare at each host step" {
	host_steps | while read -r step; do
		killed_step_is_repaired "$step" kill-host || exit 1
		killed_step_is_repaired "$step@after" kill-host || exit 1
	done
}

@test "delete --force repairs SIGKILL of tare at each step of init before CREATED" {
	init_steps | sed '/^created$/q' | while read -r step; do
		killed_step_is_repaired "$step" kill-host || exit 1
	done
}

@test "delete --force repairs SIGKILL of tare and init at each step" {
	(host_steps; init_steps | sed '/^created$/q') | while read -r step; do
		killed_step_is_repaired "$step" kill-tree || exit 1
	done
}

@test "delete --force repairs SIGKILL at 500 random instants of create and run" {
	local i verb pid usec

	config '.hooks.createRuntime = [{path: ($ENV.PWD + "/hooks/hook")}]'
	for ((i = 0; i < 500; i++)); do
		verb=create
		((i % 2)) && verb=run
		usec=$((RANDOM % 9000))
		"$RUNTIME" --root "$ROOT" $verb "$ID" </dev/null >/dev/null 2>&1 3>&- 4>&- &
		pid=$!
		sleep "0.$(printf %06d $usec)"
		kill -9 $pid 2>/dev/null || :
		wait $pid 2>/dev/null || :
		tare_in_view delete --force "$ID" || fail "round $i, $verb killed after $usec us"
		[ ! -e "$ROOT/$ID" ] || fail "round $i, $verb killed after $usec us: state is left"
	done
	no_trace "$ID"
}

@test "SIGTERM while create works rolls back" {
	local i pid

	config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "0.2"]}]'
	for i in 1 2 3; do
		"$RUNTIME" --root "$ROOT" create "$ID" </dev/null >/dev/null 2>"$B/err" 3>&- 4>&- &
		pid=$!
		sleep 0.05
		kill -TERM $pid || fail "ended by itself" "$(cat "$B/err")"
		! wait $pid
		settled
		no_trace "$ID"
	done
}
