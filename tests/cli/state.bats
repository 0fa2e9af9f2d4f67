# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# tare state

load ../lib

@test "what it says, in all states" {
	script 'sleep 1000' '.annotations = {key: "value"}'
	ok create "$ID"
	for want in created running paused stopped; do
		case $want in
		running) ok start "$ID" ;;
		paused) ok pause "$ID" ;;
		stopped)
			ok resume "$ID"
			ok kill "$ID" KILL
			wait_status "$ID" stopped
			;;
		esac
		ok state "$ID"
		is "$stderr" ""
		is "$(jq -r .status <<<"$output")" "$want"
		is "$(jq -r .id <<<"$output")" "$ID"
		is "$(jq -r .bundle <<<"$output")" "$BUNDLE"
		is "$(jq -r .rootfs <<<"$output")" "$BUNDLE/rootfs"
		is "$(jq -r .annotations.key <<<"$output")" value
		matches "$(jq -r .ociVersion <<<"$output")" '^1\.'
		matches "$(jq -r .created <<<"$output")" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$'
		if [ $want = stopped ]; then
			is "$(jq .pid <<<"$output")" 0
		else
			[ -d "/proc/$(jq .pid <<<"$output")" ]
		fi
	done
}

@test "it is indented JSON with a line end, in the order of runc" {
	is_tare || skip "about tare"
	up
	ok state "$ID"
	is "$(jq . <<<"$output")" "$output"
	is "$(jq -r 'keys_unsorted | map(select(. != "annotations")) | join(" ")' <<<"$output")" "ociVersion id pid status bundle rootfs created owner"
	is "$(tail -c 1 "$B/stdout" | od -An -c | tr -d ' ')" '\n'
}

@test "the time it was created" {
	before=$(date +%s)
	up
	created=$(date -d "$(tare state "$ID" | jq -r .created)" +%s)
	[ "$created" -ge "$before" ] && [ "$created" -le "$(date +%s)" ]
}

@test "a program that has ended on its own" {
	program true
	ok run -d "$ID"
	wait_status "$ID" stopped
}

@test "an init that is a zombie is stopped" {
	# Nobody reaps it: its parent sleeps.
	program true
	ok create "$ID"
	ok start "$ID"
	wait_status "$ID" stopped
}

@test "no such container, bad ids" {
	fails 1 "container does not exist" state "$ID"
	for id in ../x . .. a/b ""; do
		try state "$id"
		is "$status" 1
	done
}

@test "it needs no cgroup, no environment, no directory" {
	up
	try_command env -i XDG_RUNTIME_DIR= unshare --mount sh -c 'umount -l /sys; cd /proc/self; exec "$1" --root "$2" state "$3"' sh "$RUNTIME" "$ROOT" "$ID"
	! is_tare || is "$(jq -r .status <<<"$output")" running
}

@test "hundred times while it ends: one of two answers" {
	script 'sleep 0.3'
	ok run -d "$ID"
	for _ in $(seq 40); do
		ok state "$ID"
		matches "$(jq -r .status <<<"$output")" '^(running|stopped)$'
	done
	wait_status "$ID" stopped
}

# cannot_ask ARG...: tare ARG..., which cannot open init's /proc/PID/stat
cannot_ask() {
	try_command strace -f -qq -o "$B/trace" -P "/proc/$(pid_of "$ID")/stat" \
		-e trace=openat -e inject=openat:error=EMFILE "$RUNTIME" --root "$ROOT" "$@"
}

@test "what cannot be asked is no answer, and no reason to kill" {
	is_tare || skip "how tare asks"
	command -v strace >/dev/null || fail "strace is missing: make deps"
	up
	cannot_ask state "$ID"
	is "$status" 1
	is "$output" ""
	cannot_ask delete "$ID"
	is "$status" 1
	cannot_ask delete --force "$ID"
	is "$status" 1
	has "$stderr" EMFILE
	[ -e "$ROOT/$ID/state.json" ]
	ok delete --force "$ID"
	no_trace "$ID"
}
