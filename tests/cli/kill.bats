# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare kill

load ../lib

# A program that says which signal it got
listen='for s in HUP INT TERM USR1 USR2 QUIT; do trap "echo got $s >>/said" $s; done; echo ready >>/said; while :; do sleep 0.05; done'

listening() {
	script "$listen" "${1:-.}"
	ok run -d "$ID"
	until_true 5 grep -q ready rootfs/said
}
got() { until_true 5 grep -q "got $1" rootfs/said; }

@test "TERM is the default" {
	listening
	ok kill "$ID"
	got TERM
	is "$output$stderr" ""
}

@test "names, with and without SIG, in any case; numbers" {
	listening
	ok kill "$ID" HUP
	got HUP
	ok kill "$ID" SIGINT
	got INT
	ok kill "$ID" 10
	got USR1
	ok kill "$ID" usr2
	got USR2
	ok kill "$ID" SIGQUIT
	got QUIT
}

@test "real-time signals" {
	is_tare || skip "runc of that age differs"
	program sh -c 'trap "echo got it >/said" 37; echo ready >/ready; while :; do sleep 0.05; done'
	ok run -d "$ID"
	until_true 5 [ -s rootfs/ready ]
	ok kill "$ID" RTMIN+3
	until_true 5 [ -s rootfs/said ]
	ok kill "$ID" SIGRTMAX-3 || :
}

@test "KILL" {
	up
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	fails 1 "container not running" kill "$ID" KILL
	! is_tare || matches "$stderr" "container not running"
}

@test "a created container can be killed" {
	program sleep 1000
	ok create "$ID"
	ok kill "$ID" KILL
	wait_status "$ID" stopped
}

@test "unknown signals" {
	up
	for signal in FOO SIGFOO "" -1 100 65 9x RTMIN+99; do
		try kill "$ID" "$signal"
		[ "$status" -eq 1 ] || fail "kill '$signal': exit status $status"
	done
	fails 1 'unknown signal "FOO"' kill "$ID" FOO
	is "$(state_of "$ID")" running
}

@test "no such container" {
	fails 1 "container does not exist" kill "$ID" KILL
}

@test "--all: every process, with the host's processes too" {
	without pid
	program sh -c 'sleep 1000 & sleep 1000 & echo ready >/said; wait'
	ok run -d "$ID"
	until_true 5 [ -s rootfs/said ]
	pids=$(tare ps --format json "$ID" | jq '.[]')
	is "$(wc -l <<<"$pids")" 3
	ok kill --all "$ID" KILL
	for p in $pids; do wait_gone "$p"; done
	wait_status "$ID" stopped
}

@test "--all of a stopped container is no error" {
	program true
	ok run -d "$ID"
	wait_status "$ID" stopped
	ok kill --all "$ID" 9
	ok kill -a "$ID"
	fails 1 "container not running" kill "$ID" 9
}

@test "KILL without --all where the processes are the host's: what is left is killed, too" {
	is_tare || skip "as runc since 1.2"
	without pid
	program sh -c 'sleep 1000 & echo ready >/said; sleep 1000; :'
	ok run -d "$ID"
	until_true 5 [ -s rootfs/said ]
	pids=$(tare ps --format json "$ID" | jq '.[]')
	ok kill "$ID" KILL
	for p in $pids; do wait_gone "$p"; done
}

@test "a paused container is killed" {
	up
	ok pause "$ID"
	ok kill "$ID" KILL
	! is_tare || wait_status "$ID" stopped
	ok delete --force "$ID"
}

@test "the pid of a container that has ended is no one else's" {
	command -v unshare >/dev/null
	up
	pid=$(pid_of "$ID")
	kill -KILL "$pid"
	wait_status "$ID" stopped
	# Its number comes again, for another.
	echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid 2>/dev/null || skip "no ns_last_pid"
	sleep 1000 3>&- 4>&- &
	other=$!
	if [ "$other" -eq "$pid" ]; then
		fails 1 "container not running" kill "$ID" KILL
		is "$(state_of "$ID")" stopped
		ok delete --force "$ID"
		kill -0 "$other"
	fi
	kill "$other"
	wait "$other" || :
}

@test "while others do, too" {
	up
	for _ in 1 2 3 4 5 6; do
		tare kill "$ID" KILL >/dev/null 2>&1 3>&- 4>&- &
	done
	wait
	wait_status "$ID" stopped
	ok delete "$ID"
}
