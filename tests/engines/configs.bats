# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Each config.json that podman, containerd, runc and crun have written runs unchanged, and
# its program sees what it saw when it was captured: with v1 controllers, alone and beside
# v2. Where only v2 is mounted a limit whose controller the kernel does not offer there
# is an error that names the controller.

load ../lib

FIXTURES=$BATS_TEST_DIRNAME/../fixtures/engines

# replay NAME: in all views
replay() {
	cp "$FIXTURES/$1.json" config.json
	[ -e "$FIXTURES/$1.out" ] || replay_spec
	# tare must reach a root file system below directories that are the caller's only.
	is_tare || chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$B" "$BUNDLE"
	in_hybrid "$1"
	in_v1 "$1"
	in_v2 "$1"
}

# `spec` writes a shell on a terminal: with nothing to read it ends.
replay_spec() {
	jq -e '.process.args == ["sh"]' config.json
	echo '^.*# ' >"$B/prompt"
}

runs() {
	if [ -e "$B/prompt" ]; then
		runs_shell "$1"
		return
	fi
	try_command "$TESTS/lib/paths" "$1" tare run "$ID"
	[ "$status" -eq 0 ] || fail "$2, $1: exit status $status" "$output" "$stderr"
	diff "$FIXTURES/$2.out" <(tr -d '\r' <<<"$output")
	! is_tare || no_cgroups
}

# The cgroups that engines name are gone. Their parents may be others' just now.
no_cgroups() {
	local left

	left=$(ls -d /sys/fs/cgroup{,/*}/{libpod_parent/libpod-,default/}0123456789abcdef* 2>/dev/null || :)
	[ -z "$left" ] || fail "cgroups are left: $left"
}

# paths gives the terminal: the shell is on it already.
runs_shell() {
	try_command "$TESTS/lib/pty.py" --expect '# ' --send 'id -u\r' --expect '\r\n0\r\n' \
		--send 'exit 7\r' --restored -- "$TESTS/lib/view" "$1" tare run "$ID"
	[ "$status" -eq 7 ] || fail "exit status $status" "$output" "$stderr"
}

in_hybrid() { runs hybrid "$1"; }
in_v1() {
	grep -q ' cgroup ' /proc/self/mounts || return 0
	runs v1 "$1"
}

# What /linux/resources needs, as CONTROLLER POINTER lines
controllers() {
	jq -r '.linux.resources // {} | [
		(select(.memory) | "memory /linux/resources/memory"),
		(select(.cpu.shares // .cpu.quota // .cpu.period) | "cpu /linux/resources/cpu"),
		(select(.cpu.cpus // .cpu.mems) | "cpuset /linux/resources/cpu"),
		(select(.pids) | "pids /linux/resources/pids")] | .[]' config.json
}

in_v2() {
	local offered controller missing=""

	has_v2 || return 0
	offered=$("$TESTS/lib/view" v2 cat /sys/fs/cgroup/cgroup.controllers)
	while read -r controller _; do
		[[ " $offered " == *" $controller "* ]] || missing+="$controller "
	done < <(controllers)
	if jq -e '.mounts[] | select(.source == "/sys/fs/cgroup/systemd")' config.json; then
		return 0 # a v1 hierarchy is bound by its path
	fi
	if [ -z "$missing" ]; then
		runs v2 "$1"
		return
	fi
	try_command "$TESTS/lib/paths" v2 tare run "$ID"
	[ "$status" -ne 0 ] || fail "$1 runs although v2 has no: $missing"
	is_tare || return 0
	no_trace "$ID"
	no_cgroups
	names_one_of "$missing"
}

# names_one_of CONTROLLERS: the message does, at the limit's pointer, and what is to be done
names_one_of() {
	local controller pointer

	while read -r controller pointer; do
		[[ " $1 " == *" $controller "* ]] || continue
		[[ $stderr$output == *"$pointer"*"$controller"* ]] && return
	done < <(controllers)
	fail "the message names none of: $1" "$output" "$stderr"
}

@test "every captured config has a test here" {
	local f

	for f in "$FIXTURES"/*.json; do
		f=${f##*/}
		grep -q "^@test \"${f%.json}\"" "$BATS_TEST_FILENAME" || fail "no test for $f"
	done
}

@test "crun-spec" { replay crun-spec; }
@test "ctr-device" { replay ctr-device; }
@test "ctr-limits" { replay ctr-limits; }
@test "ctr-mount" { replay ctr-mount; }
@test "ctr-net-host" { replay ctr-net-host; }
@test "ctr-plain" { replay ctr-plain; }
@test "ctr-privileged" { replay ctr-privileged; }
@test "ctr-read-only" { replay ctr-read-only; }
@test "ctr-seccomp" { replay ctr-seccomp; }
@test "ctr-tty" { replay ctr-tty; }
@test "ctr-userns" { replay ctr-userns; }
@test "ctr-with-ns" { replay ctr-with-ns; }
@test "podman-caps" { replay podman-caps; }
@test "podman-cgroupns-host" { replay podman-cgroupns-host; }
@test "podman-cgroupns" { replay podman-cgroupns; }
@test "podman-device" { replay podman-device; }
@test "podman-ipc-uts-host" { replay podman-ipc-uts-host; }
@test "podman-limits" { replay podman-limits; }
@test "podman-mounts" { replay podman-mounts; }
@test "podman-net-bridge" { replay podman-net-bridge; }
@test "podman-net-host" { replay podman-net-host; }
@test "podman-pid-host" { replay podman-pid-host; }
@test "podman-plain" { replay podman-plain; }
@test "podman-privileged" { replay podman-privileged; }
@test "podman-read-only" { replay podman-read-only; }
@test "podman-sysctl" { replay podman-sysctl; }
@test "podman-systemd" { replay podman-systemd; }
@test "podman-tty" { replay podman-tty; }
@test "podman-unconfined" { replay podman-unconfined; }
@test "podman-user" { replay podman-user; }
@test "podman-userns-auto" { replay podman-userns-auto; }
@test "podman-userns" { replay podman-userns; }
@test "podman-volume" { replay podman-volume; }
@test "runc-spec" { replay runc-spec; }
