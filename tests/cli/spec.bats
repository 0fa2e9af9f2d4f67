# SPDX-License-Identifier: Apache-2.0
# spec.bats - `spec`. That its output runs is what the other tests show. No container.
load ../lib

setup() {
	B=$BATS_TEST_TMPDIR ROOT=$B/root VIEW=
	cd "$B" || return
}
teardown() { :; }

@test "spec writes a config.json" {
	ok spec
	is "$output$stderr" ""
	is "$(jq -r .ociVersion config.json)" 1.3.0
	is "$(jq -r '.process.args[0]' config.json)" sh
	is "$(jq -r .root.path config.json)" rootfs
	is "$(stat -c %a config.json)" "$(printf %o $((0644 & ~$(umask))))"
}

@test "spec does not overwrite, nor follow a link" {
	echo mine >config.json
	fails 1 "'config.json' exists" spec
	is "$(cat config.json)" mine
	rm config.json
	ln -s elsewhere config.json
	fails 1 "'config.json' exists" spec
	[ ! -e elsewhere ]
}

@test "spec --bundle writes elsewhere" {
	mkdir one two three
	ok spec --bundle one
	ok spec -b=two
	ok spec -bundle three/
	cmp one/config.json two/config.json
	cmp one/config.json three/config.json
	fails 1 "create 'four/config.json': ENOENT" spec -b four
}

@test "spec asks for a cgroup namespace where cgroups are v2 only" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	VIEW=v2
	ok spec
	is "$(jq -r '[.linux.namespaces[].type] | index("cgroup") != null' config.json)" true
	rm config.json
	VIEW=v1
	ok spec
	is "$(jq -r '[.linux.namespaces[].type] | index("cgroup") != null' config.json)" false
}

@test "spec --rootless is refused" {
	fails 1 "not supported yet" spec --rootless
	[ ! -e config.json ]
}

@test "spec into a full or read-only directory leaves nothing" {
	[ "$EUID" -eq 0 ] || skip "needs root"
	try_command unshare -m sh -c '
		mount -t tmpfs -o size=4k tmpfs "$0" && cd "$0" || exit 9
		printf %4096s x >fill
		"$RUNTIME" spec; code=$?
		[ ! -e config.json ] || exit 8
		exit $code' "$B"
	is "$status" 1
	has "$stderr" "create 'config.json': ENOSPC"
	try_command unshare -m sh -c '
		mount -t tmpfs -o ro tmpfs "$0" && cd "$0" || exit 9
		"$RUNTIME" spec' "$B"
	is "$status" 1
	has "$stderr" "EROFS"
}
