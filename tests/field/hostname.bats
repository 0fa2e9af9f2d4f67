# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /hostname

load ../lib

@test "the name in the container, and the host keeps its own" {
	local before

	before=$(hostname)
	inside 'hostname' '.hostname = "web"'
	is "$output" web
	is "$(hostname)" "$before"
}

@test "64 characters" {
	local name

	name=$(printf 'a%.0s' {1..64})
	inside 'hostname' ".hostname = \"$name\""
	is "$output" "$name"
}

@test "absent: the host's" {
	inside 'hostname' 'del(.hostname)'
	is "$output" "$(hostname)"
}

@test "without a uts namespace it would be the host's" {
	without uts
	refused /hostname "" '.hostname = "web"'
}

@test "too long, no string, with NUL" {
	refused /hostname "" ".hostname = \"$(printf 'a%.0s' {1..65})\""
	refused /hostname "" '.hostname = 5'
	refused /hostname "" '.hostname = "a\u0000b"'
}
