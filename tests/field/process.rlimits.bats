# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/rlimits

load ../lib

@test "soft and hard limit" {
	inside 'ulimit -S -n; ulimit -H -n; ulimit -S -c; ulimit -H -c' '.process.rlimits = [
		{type: "RLIMIT_NOFILE", soft: 100, hard: 200}, {type: "RLIMIT_CORE", soft: 0, hard: 0}]'
	is "$output" $'100\n200\n0\n0'
}

# All types, at what this process has.
ALL='CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME'

@test "every type of the specification" {
	local type limit

	config '.process.rlimits = []'
	for type in $ALL; do
		limit=$(prlimit "--${type,,}" --noheadings --raw --output HARD)
		[ "$limit" != unlimited ] || limit=18446744073709551615
		# jq would round it.
		sed -i "s/\"rlimits\": \[/&{\"type\": \"RLIMIT_$type\", \"soft\": $limit, \"hard\": $limit},/" config.json
	done
	sed -i 's/},\]/}]/; /"rlimits": \[/{N;s/},\n *\]/}]/}' config.json
	sed -i 's/"sh"$/"cat", "\/proc\/self\/limits"/' config.json
	try run "$ID"
	is "$status" 0
	is "$(grep -c '^Max' <<<"$output")" 16
	while read -r line; do
		# Soft limits are the hard ones now.
		is "$(cut -c27-47 <<<"$line" | tr -d ' ')" "$(cut -c48-68 <<<"$line" | tr -d ' ')"
	done < <(grep ^Max <<<"$output")
}

@test "absent: the caller's" {
	script 'ulimit -n' 'del(.process.rlimits)'
	try_command sh -c 'ulimit -n 777; exec tare run "$0"' "$ID"
	is "$output" 777
}

@test "above the caller's hard limit" {
	script 'ulimit -H -n' '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 1000, hard: 1000}]'
	try_command sh -c 'ulimit -n 900; exec tare run "$0"' "$ID"
	if capsh --has-p=cap_sys_resource 2>/dev/null ||
		[ $((0x$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24 & 1)) = 1 ]; then
		is "$status" 0
		is "$output" 1000
		return
	fi
	# The kernel refuses; the words that engines take for the user's own are not used.
	is "$status" 1
	no_trace "$ID"
	is_tare || return 0
	matches "$stderr" "^tare: create container '$ID': /process/rlimits/0: .*EPERM"
	lacks "${stderr,,}" "not permitted"
}

@test "a type twice, an unknown type, soft above hard" {
	refused /process/rlimits/1 RLIMIT_NOFILE '.process.rlimits = [
		{type: "RLIMIT_NOFILE", soft: 1, hard: 1}, {type: "RLIMIT_NOFILE", soft: 2, hard: 2}]'
	refused "/process/rlimits/0(/[a-z]*)?" "" '.process.rlimits = [{type: "RLIMIT_NOSUCH", soft: 1, hard: 1}]'
	refused "/process/rlimits/0(/[a-z]*)?" "" '.process.rlimits = [{type: "NOFILE", soft: 1, hard: 1}]'
	refused "/process/rlimits/0(/[a-z]*)?" "" '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 3, hard: 2}]'
}

@test "missing members" {
	refused "/process/rlimits/0(/hard)?" hard '.process.rlimits = [{type: "RLIMIT_CORE", soft: 1}]'
	refused "/process/rlimits/0(/soft)?" soft '.process.rlimits = [{type: "RLIMIT_CORE", hard: 1}]'
	refused "/process/rlimits/0(/type)?" type '.process.rlimits = [{soft: 1, hard: 1}]'
	refused /process/rlimits/0/soft "" '.process.rlimits = [{type: "RLIMIT_CORE", soft: -1, hard: 1}]'
}
