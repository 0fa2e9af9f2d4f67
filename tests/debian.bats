#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# debian.bats - a whole distribution in a container: Debian's minbase, by debootstrap.

load lib

setup_file() {
	"$BATS_TEST_DIRNAME/fixtures/debian.sh" "$BATS_TEST_DIRNAME/cache/debian"
}

# Read-only, so that one root serves all tests; what programs write is in a tmpfs.
setup() {
	tare_setup
	config --arg root "$TESTS/cache/debian" '.root = {path: $root, readonly: true}
		| .mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=1777"]},
			{destination: "/run", type: "tmpfs", source: "tmpfs", options: ["nosuid"]}]'
}

@test "apt-get --version" {
	program apt-get --version
	ok run "$ID"
	matches "$output" '^apt [0-9.]+ \('
}

@test "ps sees the container and nothing else" {
	program ps -e -o pid=,comm=
	ok run "$ID"
	is "$(tr -s ' ' <<<"$output" | sed 's/^ //')" "1 ps"
}

@test "perl, bash and the package database work" {
	inside 'bash -c "perl -e \"print 6*7\"" && dpkg-query -W -f "\n\${Status}\n" procps'
	is "$output" $'42\ninstall ok installed'
}

@test "an interactive shell on a terminal: job control, size, exit status" {
	program bash --norc
	config '.process.terminal = true | .process.env += ["TERM=dumb", "PS1=ready$ "]'
	try_command "$TESTS/lib/pty.py" --size 24x80 --expect 'ready' --send 'tty; stty size\r' \
		--expect '/dev/pts/0' --expect '24 80' --send 'sleep 100 &\r' --expect 'ready' \
		--send 'jobs; kill %1; wait %1; exit 7\r' --expect 'Running' --restored -- \
		tare run "$ID"
	is "$status" 7
	lacks "$output" "no job control"
}

@test "as a user with a home" {
	inside 'id -un; echo $HOME; umask' '.process.user = {uid: 1, gid: 1, umask: 23}'
	is "$output" $'daemon\n/usr/sbin\n0027'
}
