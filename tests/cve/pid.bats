# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# The pid of a container's init that now is somebody else's.

load ../lib
load attack

setup() {
	tare_setup
	: >"$B/innocent"
	chmod 755 "$B"
}

# reused: container ID is up; its init dies, and a process of the host gets its pid
reused() {
	PID=$(pid_of "$ID")
	kill -KILL "$PID"
	until_true 5 gone "$PID"
	"$PROGRAMS/cve/as-pid" "$PID" sh -c 'echo begun >"$0"; exec sleep 60' "$B/innocent" </dev/null >"$B/as-pid" 2>&1 3>&- 4>&- &
	WRAPPER=$!
	until_true 10 test -s "$B/innocent" || fail "$(cat "$B/as-pid")"
	is "$(tr '\0' ' ' <"/proc/$PID/cmdline")" "sleep 60 "
}

# The innocent process lives, runs, and is in no cgroup of the container.
unharmed() {
	is "$(tr '\0' ' ' <"/proc/$PID/cmdline")" "sleep 60 "
	matches "$(grep ^State "/proc/$PID/status")" '[SR] \('
	lacks "$(cat "/proc/$PID/cgroup")" "$ID"
}

over() {
	unharmed
	kill -KILL "$PID"
	wait "$WRAPPER" || :
}

@test "pid reuse: nothing is done to the process that has the pid now" {
	local command

	script 'sleep 1000'
	ok run -d "$ID"
	reused
	is "$(state_of "$ID")" stopped
	is "$(pid_of "$ID")" 0
	for command in "kill $ID KILL" "kill $ID TERM" "pause $ID" "resume $ID" "exec $ID true" "start $ID"; do
		note "$command"
		# shellcheck disable=SC2086
		try $command
		clean_end
		isnt "$status" 0
		unharmed
	done
	try kill --all "$ID" KILL
	clean_end
	unharmed
	try ps "$ID"
	lacks "$output" "$PID"
	ok delete "$ID"
	over
	no_trace "$ID"
}

@test "pid reuse: delete --force kills nobody" {
	script 'sleep 1000'
	ok run -d "$ID"
	reused
	ok delete --force "$ID"
	over
	no_trace "$ID"
}

@test "pid reuse: start of a container whose init has died before" {
	script 'sleep 1000'
	ok create "$ID"
	reused
	try start "$ID"
	clean_end
	isnt "$status" 0
	isnt "$(state_of "$ID")" running
	unharmed
	ok delete --force "$ID"
	over
}

@test "pid reuse: a new container's init with that pid is not the old one's" {
	# Neither container is taken for the other.
	make_bundle "$B/second"
	script 'sleep 1000'
	ok run -d "$ID"
	reused
	(cd "$B/second" && script 'sleep 1000')
	ok run -d --bundle "$B/second" "$ID2"
	is "$(state_of "$ID")" stopped
	is "$(state_of "$ID2")" running
	ok delete "$ID"
	is "$(state_of "$ID2")" running
	over
}

@test "the reuse works: kill(1) by the number hits the wrong one" {
	script 'sleep 1000'
	ok run -d "$ID"
	reused
	kill -KILL "$PID"
	until_true 5 gone "$PID"
	wait "$WRAPPER" || :
}
