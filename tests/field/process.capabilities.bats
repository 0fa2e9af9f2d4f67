# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/capabilities: bounding, permitted, effective, inheritable, ambient

load ../lib

# The five masks, in the order of the kernel: inheritable permitted effective bounding ambient
masks() {
	script 'sed -n "s/^Cap...:\t0*//p" /proc/self/status | sed "s/^$/0/" | tr "\n" " "' "$1"
	ok run "$ID"
}

@test "each set is what was asked" {
	local sets='.process.capabilities = {bounding: ["CAP_CHOWN", "CAP_KILL"], permitted: ["CAP_CHOWN"],
		effective: ["CAP_CHOWN"], inheritable: [], ambient: []}'

	masks "$sets | .process.noNewPrivileges = true"
	is "$output" "0 1 1 21 0 "
	# execve as root: permitted and effective become the bounding set.
	masks "$sets | .process.noNewPrivileges = false"
	is "$output" "0 21 21 21 0 "
}

@test "ambient and inheritable pass execve of another user" {
	masks '.process.user = {uid: 1000, gid: 1000} | .process.capabilities =
		(["bounding", "permitted", "effective", "inheritable", "ambient"]
		 | map({(.): ["CAP_CHOWN", "CAP_NET_BIND_SERVICE"]}) | add)'
	is "$output" "401 401 401 401 401 "
}

@test "without ambient another user has none" {
	masks '.process.user = {uid: 1000, gid: 1000} | .process.capabilities =
		(["bounding", "permitted", "effective"] | map({(.): ["CAP_CHOWN"]}) | add)'
	is "$output" "0 0 0 1 0 "
}

@test "empty sets drop all" {
	masks '.process.capabilities = {bounding: [], permitted: [], effective: [], inheritable: [], ambient: []}'
	is "$output" "0 0 0 0 0 "
}

@test "absent sets are empty" {
	masks '.process.capabilities = {}'
	is "$output" "0 0 0 0 0 "
}

@test "inheritable alone" {
	masks '.process.capabilities = {bounding: ["CAP_CHOWN"], permitted: ["CAP_CHOWN"], effective: ["CAP_CHOWN"], inheritable: ["CAP_CHOWN"]}'
	is "$output" "1 1 1 1 0 "
}

@test "a dropped one is really gone" {
	inside 'chown 1:1 /tmp || echo refused' '.process.capabilities =
		(["bounding", "permitted", "effective"] | map({(.): ["CAP_KILL"]}) | add)'
	is "$output" refused
}

@test "what the caller cannot grant is one warning" {
	grep -q '^CapBnd:.0*1ff*$' /proc/self/status && skip "this caller can grant all"
	script true '.process.capabilities = (["bounding", "permitted", "effective"]
		| map({(.): ["CAP_SYS_RESOURCE", "CAP_CHOWN"]}) | add)'
	ok run "$ID"
	! is_tare || {
		has "$stderr" CAP_SYS_RESOURCE
		is "$(grep -c . <<<"$stderr")" 1
	}
}

@test "an unknown one is a warning" {
	script 'echo runs' '.process.capabilities.bounding += ["CAP_NOSUCH"]'
	try run "$ID"
	# As the specification has it: warn, and do not fail.
	is "$status" 0
	is "$output" runs
	has "$stderr" CAP_NOSUCH
}

@test "what is no list of names is refused" {
	refused /process/capabilities/bounding "" '.process.capabilities.bounding = "CAP_KILL"'
	refused /process/capabilities/effective/0 "" '.process.capabilities = {effective: [1]}'
	refused /process/capabilities "" '.process.capabilities = ["CAP_KILL"]'
}

@test "exec has the sets of the config" {
	script 'sleep 100' '.process.capabilities = (["bounding", "permitted", "effective"]
		| map({(.): ["CAP_KILL"]}) | add)'
	ok run -d "$ID"
	ok exec "$ID" sh -c 'grep Cap /proc/self/status | cut -f2 | tr "\n" " "'
	is "$output" "0000000000000000 0000000000000020 0000000000000020 0000000000000020 0000000000000000 "
}
