# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# A real distribution's root file system, made by debootstrap and kept in tests/cache.

load lib

setup_file() {
	[ "$EUID" -eq 0 ] || skip "needs root"
	"$BATS_TEST_DIRNAME/fixtures/debian.sh" "$BATS_TEST_DIRNAME/cache/debian" || return
}

setup() {
	tare_setup
	# Read where it is, written to a tmpfs above it: the cache stays as it is.
	config --arg root "$TESTS/cache/debian" '.root = {path: $root, readonly: true} | .process.env += ["LC_ALL=C.UTF-8"]
		| .mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["mode=1777"]}, {destination: "/run", type: "tmpfs", source: "tmpfs"}]'
}

@test "apt-get --version" {
	program apt-get --version
	ok run "$ID"
	has "$output" "apt "
}

@test "ps sees the container's processes" {
	program ps -e -o pid,comm
	ok run "$ID"
	is "$(tail -n +2 <<<"$output" | tr -s ' ')" " 1 ps"
}

@test "an interactive shell on a terminal" {
	program bash --norc -i
	config '.process.terminal = true | .process.env += ["PS1=here> "]'
	try_command "$TESTS/lib/pty.py" --size 24x80 --expect 'here> ' --send 'cat /etc/debian_version\r' --expect '[0-9]' \
		--send 'ps -o tty= -p $$\r' --expect 'pts/0' --send 'sleep 1000 & jobs\r' --expect 'Running' --send 'kill %1; stty size\r' \
		--expect '24 80' --send 'sleep 1000\r' --expect 1000 --run 'sleep 0.3' --send '\x1a' --expect 'Stopped' \
		--send 'exit 5\r' --run 'sleep 0.3' --send 'exit 5\r' --restored -- tare run "$ID"
	[ "$status" -eq 5 ] || fail "exit status $status" "$output" "$stderr"
}

@test "a dynamic program of another user, with the C library's name service" {
	program sh -c 'id; getent passwd root; getent group tty'
	config '.process.user = {uid: 65534, gid: 65534}'
	ok run "$ID"
	has "$output" "uid=65534(nobody)"
	has "$output" "root:x:0:0:"
	has "$output" "tty:x:5:"
}

@test "apt works in a writable container" {
	program sh -c 'dpkg -l | grep -c ^ii; apt-cache stats >/dev/null && apt-get --simulate remove procps | grep -c "^Remv procps"'
	ok run "$ID"
	is "$(tail -n 1 <<<"$output")" 1
}

@test "a user with an entry in passwd; the package database" {
	program sh -c 'id -un; echo $HOME; umask; dpkg-query -W -f "\${Status}\n" procps'
	config '.process.user = {uid: 1, gid: 1, umask: 23}'
	ok run "$ID"
	is "$output" $'daemon\n/usr/sbin\n0027\ninstall ok installed'
}

@test "podman's own config with this root" {
	config --slurpfile p "$TESTS/fixtures/engines/podman-plain.json" '.process = $p[0].process | .linux.seccomp = $p[0].linux.seccomp
		| .linux.maskedPaths = $p[0].linux.maskedPaths | .linux.readonlyPaths = $p[0].linux.readonlyPaths | .linux.resources = $p[0].linux.resources'
	program perl -e 'print "perl runs\n"'
	ok run "$ID"
	is "$output" "perl runs"
}
