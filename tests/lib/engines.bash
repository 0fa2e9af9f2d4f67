# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# engines.bash - for the bats files that run a real engine: it lives in the private
# namespaces of lib/engines for the whole file, held by one process, and dies with it.

# start_engines: from setup_file. HOLDER is pid 1 of the namespaces.
start_engines() {
	[ "$EUID" -eq 0 ] || skip "needs root"
	mkfifo "$BATS_FILE_TMPDIR/ready"
	# Not our standard descriptors: bats would wait for them.
	"$TESTS/lib/engines" sh -c "echo >'$BATS_FILE_TMPDIR/ready'; exec sleep infinity" \
		</dev/null >"$BATS_FILE_TMPDIR/log" 2>&1 3>&- 4>&- &
	UNSHARE=$!
	export UNSHARE
	read -r -t 20 _ <>"$BATS_FILE_TMPDIR/ready" || fail "$(cat "$BATS_FILE_TMPDIR/log")"
	HOLDER=$(pgrep -P "$UNSHARE")
	export HOLDER
	"$TESTS/lib/image" "$BATS_FILE_TMPDIR/image.tar"
}

stop_engines() {
	[ -n "${UNSHARE-}" ] || return 0
	kill -KILL "$UNSHARE"
	until_true 10 gone "$HOLDER"
	"$TESTS/lib/sweep" libpod_parent default
}

# engine COMMAND...: run it in there
engine() { nsenter --target "$HOLDER" --mount --net --ipc --uts --pid -- "$@"; }

# in_engine COMMAND...: the same as `try` does it; sets $status, $output and $stderr
in_engine() {
	try_command nsenter --target "$HOLDER" --mount --net --ipc --uts --pid -- "$@"
}

# on_terminal STEP... -- COMMAND...: the same on a terminal
on_terminal() {
	local -a steps=()

	while [ "$1" != -- ]; do
		steps+=("$1")
		shift
	done
	shift
	try_command "$TESTS/lib/pty.py" "${steps[@]}" -- \
		nsenter --target "$HOLDER" --mount --net --ipc --uts --pid -- "$@"
	output=${output//$'\r'/}
}

# works COMMAND...: in there it must succeed
works() {
	in_engine "$@"
	[ "$status" -eq 0 ] || fail "exit status $status: $*" "$output" "$stderr"
}

# nothing_left DIR CGROUP: the runtime's state DIR in there is empty, CGROUP has no child
nothing_left() {
	local left

	left=$(engine sh -c "ls -A '$1' 2>/dev/null || :")
	[ -z "$left" ] || fail "state in $1: $left"
	# podman keeps one for its conmons.
	left=$(find /sys/fs/cgroup{,/*}/"$2" -mindepth 1 -type d ! -name conmon 2>/dev/null || :)
	[ -z "$left" ] || fail "cgroups left: $left"
}
