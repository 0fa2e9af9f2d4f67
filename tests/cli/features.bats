# SPDX-License-Identifier: Apache-2.0
# features.bats - `features`. No container.
load ../lib

setup() {
	B=$BATS_TEST_TMPDIR ROOT=$B/root VIEW=
	cd "$B" || return
}
teardown() { :; }

@test "features is JSON on stdout and nothing on stderr" {
	ok features
	is "$stderr" ""
	jq -e 'type == "object"' "$B/stdout"
	is "$(jq -r .ociVersionMax "$B/stdout")" 1.3.0
	matches "$(jq -r .ociVersionMin "$B/stdout")" '^1\.0\.'
}

@test "features needs no privilege, environment or cgroups" {
	ok features
	whole=$output
	try_command env -i setpriv --reuid 65534 --regid 65534 --clear-groups "$RUNTIME" features
	is "$status" 0
	is "$stderr" ""
	is "$output" "$whole"
	try_command unshare -m sh -c 'mount -t tmpfs -o ro tmpfs /sys && exec "$RUNTIME" features'
	is "$status" 0
	is "$output" "$whole"
}
