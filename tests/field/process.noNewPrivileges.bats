# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/noNewPrivileges

load ../lib

flag='sed -n "s/^NoNewPrivs:.//p" /proc/self/status'

@test "set, unset and absent" {
	inside "$flag" '.process.noNewPrivileges = true'
	is "$output" 1
	inside "$flag" '.process.noNewPrivileges = false'
	is "$output" 0
	inside "$flag" 'del(.process.noNewPrivileges)'
	is "$output" 0
}

@test "a set-user-id program gains nothing" {
	put tools/probe
	chmod 4755 rootfs/bin/probe
	program probe euid
	config '.process.noNewPrivileges = true | .process.user = {uid: 1000, gid: 1000}'
	ok run "$ID"
	is "$output" 1000
	config '.process.noNewPrivileges = false'
	ok run "$ID"
	is "$output" 0
}

@test "exec inherits it" {
	script 'sleep 100' '.process.noNewPrivileges = true'
	ok run -d "$ID"
	ok exec "$ID" sh -c "$flag"
	is "$output" 1
}

@test "a string is not true" {
	refused /process/noNewPrivileges "" '.process.noNewPrivileges = "true"'
}
