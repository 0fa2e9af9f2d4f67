# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /domainname

load ../lib

name='cat /proc/sys/kernel/domainname'

@test "the name in the container, and the host keeps its own" {
	is_tare || skip "not in runtimes of that age"
	local before

	before=$($name)
	inside "$name" '.domainname = "example.org"'
	is "$output" example.org
	is "$($name)" "$before"
}

@test "without a uts namespace it would be the host's" {
	is_tare || skip "not in runtimes of that age"
	without uts
	refused /domainname "" 'del(.hostname) | .domainname = "example.org"'
}

@test "too long, no string" {
	is_tare || skip "not in runtimes of that age"
	refused /domainname "" ".domainname = \"$(printf 'a%.0s' {1..65})\""
	refused /domainname "" '.domainname = 5'
}
