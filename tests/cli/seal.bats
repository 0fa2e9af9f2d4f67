# SPDX-License-Identifier: Apache-2.0
# seal.bats - commands that put a process into a container run from a sealed copy of the
# binary (CVE-2019-5736). Seen from outside here, by strace, and without a container: the
# attacks themselves are in tests/cve.
load ../lib

setup() {
	[ "$EUID" -eq 0 ] || skip "needs root"
	command -v strace >/dev/null || skip "strace is missing"
	B=$BATS_TEST_TMPDIR ROOT=$B/root VIEW=
	cp "$RUNTIME" "$B/tare"
	cd "$B" || return
}
teardown() { :; }

# trace CALLS COMMAND...: into $B/trace
trace() {
	local calls=$1
	shift
	status=0
	strace -f -e "trace=$calls" -o "$B/trace" "$@" >"$B/stdout" 2>"$B/stderr" </dev/null || status=$?
	stderr=$(cat "$B/stderr")
}

@test "create, run and exec go on in a read-only clone, executed once" {
	for c in create run exec; do
		trace open_tree,mount_setattr,execveat,memfd_create ./tare --root "$ROOT" "$c" none x
		has "$stderr" "tare: "
		lacks "$stderr" "seal"
		is "$(grep -c execveat trace)" 1
		grep -q 'open_tree(AT_FDCWD, "/proc/self/exe", .*OPEN_TREE_CLONE' trace
		grep -q 'mount_setattr(.*attr_set=MOUNT_ATTR_RDONLY' trace
		[ "$(grep -c memfd_create trace)" = 0 ]
	done
}

@test "other commands do not re-execute" {
	for c in list "state x" "kill x" "delete x" "start x" "ps x" features; do
		# shellcheck disable=SC2086 # words
		trace execveat ./tare --root "$ROOT" $c
		[ "$(grep -c execveat trace)" = 0 ]
	done
}

@test "without privilege it is a sealed memfd" {
	chmod 0755 "$B" "$B/tare"
	cd /
	trace memfd_create,fcntl,execveat setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$B/tare" --root /nonexistent create x
	lacks "$stderr" "seal"
	is "$(grep -c 'execveat(' "$B/trace")" 1
	grep -q 'F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE' "$B/trace"
}

@test "the marker alone is not believed, and does not survive" {
	# The pid is kept by exec: this is the marker that a sealed copy would have.
	trace execveat sh -c 'TARE_SEALED=$$ exec ./tare --root "$ROOT" create x'
	is "$status" 1
	has "$stderr" "the sealed copy of tare's binary is not sealed"
	[ "$(grep -c execveat trace)" = 0 ]
	trace execveat env TARE_SEALED=1 ./tare --root "$ROOT" create x
	is "$(grep -c execveat trace)" 1
	lacks "$stderr" "not sealed"
}

@test "a missing /proc is said" {
	try_command unshare -m sh -c 'mount -t tmpfs tmpfs /proc && exec "$0" --root /nonexistent create x' "$B/tare"
	is "$status" 1
	has "$stderr" "tare: seal tare's binary: open '/proc/self/exe': ENOENT"
	has "$stderr" "is /proc mounted?"
}

@test "its own name stays" {
	trace prctl ./tare --root "$ROOT" create x
	grep -q 'PR_SET_NAME, "tare"' trace
}
