#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# light.bats - what noise cannot move: system calls, forks, libraries, memory.

load lib

setup() {
	tare_setup
	command -v strace >/dev/null || fail "strace is missing: make deps"
	config '.process.args = ["/bin/true"]'
}

# traced FILE ARG...: run tare under strace, all processes, one line a call
traced() {
	local file=$1

	shift
	strace -f -qq -o "$file" "$RUNTIME" --root "$ROOT" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&-
}

calls() { grep -cE '^[0-9]+ +[a-z_0-9]+\(' "$1"; }

@test "run of the default config takes at most 600 system calls" {
	traced "$B/trace" run "$ID"
	[ "$(calls "$B/trace")" -le 600 ] || fail "$(calls "$B/trace") calls"
}

@test "state takes at most 40 system calls" {
	program sleep 60
	ok create "$ID"
	traced "$B/trace" state "$ID"
	[ "$(calls "$B/trace")" -le 40 ] || fail "$(calls "$B/trace") calls" "$(cat "$B/trace")"
}

@test "create and exec do not write cgroup.procs, on v1, hybrid and v2" {
	local view

	program sleep 60
	for view in v1 hybrid v2; do
		VIEW=$view
		# -D: strace stays with init, and create need not wait for it.
		try_command strace -D -f -qq -e trace=open,openat,openat2 -o "$B/create" \
			"$RUNTIME" --root "$ROOT" create "$ID"
		is "$status" 0
		try_command tare start "$ID"
		try_command strace -f -qq -e trace=open,openat,openat2 -o "$B/exec" \
			"$RUNTIME" --root "$ROOT" exec "$ID" true
		is "$status" 0
		ok delete --force "$ID"
		until_true 5 grep -q 'cgroup\.events\|/tasks' "$B/create" || fail "no trace on $view"
		! grep 'cgroup\.procs.*O_\(WRONLY\|RDWR\)' "$B/create" "$B/exec" || fail "written on $view"
	done
}

@test "the binary needs libc only, and run keeps below 2 MB" {
	local libs

	libs=$(ldd "$RUNTIME" 2>&1 |
		grep -vcE 'linux-vdso|/ld-|libc\.so|statically linked|not a dynamic executable' || :)
	is "$libs" 0
	"$TARE_BUILD/tests/bench/peak" "$RUNTIME" --root "$ROOT" run "$ID" 2>"$B/peak" 3>&- 4>&-
	[ "$(tail -n 1 "$B/peak")" -le 2048 ] || fail "$(cat "$B/peak") KiB"
}
