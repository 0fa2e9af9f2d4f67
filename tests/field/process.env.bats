# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/env: the environment is what the config says, and HOME.

load ../lib

environment() {
	program env
	config --argjson e "$1" '.process.env = ["PATH=/bin"] + $e'
	ok run "$ID"
	output=$(grep -v '^PATH=' <<<"$output" | sort)
}

@test "variables arrive, nothing of the caller's does" {
	FROM_CALLER=leak environment '["A=1", "B=two words", "C=", "D=a=b"]'
	is "$output" $'A=1\nB=two words\nC=\nD=a=b\nHOME=/root'
}

@test "of two of a name the last wins" {
	environment '["A=1", "HOME=/h", "A=2"]'
	is "$output" $'A=2\nHOME=/h'
}

@test "HOME comes from the container's passwd when unset or empty" {
	environment '[]'
	is "$output" HOME=/root
	environment '["HOME="]'
	is "$output" HOME=/root
	config '.process.user = {uid: 1000, gid: 1000}'
	environment '[]'
	is "$output" HOME=/home/user
}

@test "HOME of a user without an entry is /" {
	config '.process.user = {uid: 4321, gid: 1}'
	environment '[]'
	is "$output" HOME=/
}

@test "HOME without a passwd file is /" {
	rm rootfs/etc/passwd
	environment '[]'
	is "$output" HOME=/
}

@test "a hundred thousand variables" {
	program env # a shell would be slow
	config '.process.env = ["PATH=/bin", "HOME=/"] + [range(100000) | "V\(.)=x"]'
	ok run "$ID"
	is "$(wc -l <<<"$output")" 100002
}

@test "what is no string, has NUL, has no name" {
	refused /process/env/1 "" '.process.env = ["A=1", 5]'
	refused /process/env/0 "" '.process.env = ["A=\u0000"]'
	refused /process/env "" '.process.env = "A=1"'
}

@test "the environment of the runtime does not change" {
	environment '[]'
	lacks "$output" LISTEN
	lacks "$output" TARE
	lacks "$output" _LIBC
}
