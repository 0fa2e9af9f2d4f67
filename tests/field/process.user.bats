# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/user: uid, gid, additionalGids, umask

load ../lib

IDS='grep -E "^([UG]id|Groups):" /proc/self/status | tr "\t" " "'

@test "uid and gid: real, effective, saved, file system" {
	inside "$IDS" '.process.user = {uid: 1000, gid: 1001}'
	is "$output" $'Uid: 1000 1000 1000 1000\nGid: 1001 1001 1001 1001\nGroups:  '
}

@test "additionalGids are all there is besides gid" {
	inside "$IDS" '.process.user = {uid: 0, gid: 0, additionalGids: [5, 1001, 4000000000]}'
	is "$output" $'Uid: 0 0 0 0\nGid: 0 0 0 0\nGroups: 5 1001 4000000000 '
}

@test "without additionalGids the caller's groups are gone" {
	script "$IDS" '.process.user = {uid: 0, gid: 0}'
	try_command setpriv --groups 7,8 tare run "$ID"
	is "$status" 0
	has "$output" $'\nGroups:  '
}

@test "absent uid and gid are 0" {
	is_tare || skip "the others want them"
	inside "$IDS" '.process.user = {}'
	is "$output" $'Uid: 0 0 0 0\nGid: 0 0 0 0\nGroups:  '
	inside 'id -u' 'del(.process.user)'
	is "$output" 0
}

@test "umask" {
	inside umask '.process.user.umask = 63'
	is "$output" 0077
	inside umask '.process.user.umask = 0'
	is "$output" 0000
}

@test "without umask the caller's stays" {
	script umask
	try_command sh -c 'umask 027; exec tare run "$0"' "$ID"
	is "$output" 0027
}

@test "many groups" {
	inside 'id -G | wc -w' '.process.user.additionalGids = [range(1, 1000)]'
	is "$output" 1000
}

@test "the user can write to its standard output and error" {
	inside 'echo out >/proc/self/fd/1; echo err >/proc/self/fd/2' '.process.user = {uid: 1000, gid: 1000}'
	is "$output" out
	is "$stderr" err
}

@test "the id that means none is refused everywhere" {
	refused /process/user/uid "" '.process.user = {uid: 4294967295, gid: 0}'
	refused /process/user/gid "" '.process.user = {uid: 0, gid: 4294967295}'
	refused /process/user/additionalGids/1 "" '.process.user = {uid: 0, gid: 0, additionalGids: [1, 4294967295]}'
}

@test "what is no id is refused" {
	refused /process/user/uid "" '.process.user.uid = "0"'
	refused /process/user/uid "" '.process.user.uid = -1'
	refused /process/user/uid "" '.process.user.uid = 4294967296'
	refused /process/user/uid "" '.process.user.uid = 1.5'
	refused /process/user/gid "" '.process.user = {uid: 0, gid: true}'
	refused /process/user/umask "" '.process.user = {uid: 0, gid: 0, umask: "022"}'
	refused /process/user/umask "" '.process.user = {uid: 0, gid: 0, umask: 99999}'
}
