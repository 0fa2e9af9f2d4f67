# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /ociVersion

load ../lib

@test "any semantic version" {
	for version in 1.0.0 1.0.2-dev 1.2.0 1.3.0 1.0.2-rc1+build; do
		inside "echo $version" ".ociVersion = \"$version\""
		is "$output" "$version"
	done
}

@test "state shows that of the runtime or the config" {
	script 'sleep 100'
	ok run -d "$ID"
	ok state "$ID"
	matches "$(jq -r .ociVersion <<<"$output")" '^1\.'
}

@test "absent, empty, no version" {
	is_tare || skip "the others do not look"
	refused "" ociVersion 'del(.ociVersion)'
	refused /ociVersion "" '.ociVersion = ""'
	refused /ociVersion "" '.ociVersion = "abc"'
	refused /ociVersion "" '.ociVersion = 1'
}
