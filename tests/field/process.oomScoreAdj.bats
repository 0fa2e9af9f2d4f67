# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/oomScoreAdj

load ../lib

score='cat /proc/self/oom_score_adj'

@test "a higher value is set" {
	inside "$score" '.process.oomScoreAdj = 1000'
	is "$output" 1000
}

@test "absent: it is not touched" {
	script "$score" 'del(.process.oomScoreAdj)'
	try_command sh -c 'echo 321 >/proc/self/oom_score_adj; exec tare run "$0"' "$ID"
	is "$output" 321
}

@test "a lower value needs CAP_SYS_RESOURCE" {
	# Lower than the lowest this process has ever had.
	script "$score" '.process.oomScoreAdj = -1000'
	try run "$ID"
	if [ "$status" -eq 0 ]; then
		is "$output" -1000
		return
	fi
	no_trace "$ID"
	is_tare || return 0
	matches "$stderr" "^tare: create container '$ID': /process/oomScoreAdj: .*EACCES"
	lacks "${stderr,,}" "permission denied"
}

@test "out of range" {
	refused /process/oomScoreAdj "" '.process.oomScoreAdj = 1001'
	refused /process/oomScoreAdj "" '.process.oomScoreAdj = -1001'
	refused /process/oomScoreAdj "" '.process.oomScoreAdj = "1"'
}
