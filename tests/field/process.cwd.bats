# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/cwd

load ../lib

@test "the directory the program starts in" {
	inside 'pwd' '.process.cwd = "/home/user"'
	is "$output" /home/user
}

@test "it is made when missing, with its parents" {
	inside 'pwd; stat -c %a /made/for/it' '.process.cwd = "/made/for/it"'
	is "$output" $'/made/for/it\n755'
	[ -d rootfs/made/for/it ]
}

@test "a link is resolved in the container" {
	ln -s /home/user rootfs/link
	put tools/probe
	program probe cwd
	config '.process.cwd = "/link"'
	ok run "$ID"
	is "$output" /home/user
	[ ! -e /home/user ] || [ -d /home/user ]
}

@test "a link out of the rootfs stays inside" {
	ln -s ../../../../../../outside rootfs/link
	mkdir rootfs/outside
	put tools/probe
	program probe cwd
	config '.process.cwd = "/link"'
	ok run "$ID"
	is "$output" /outside
}

@test "the user's own private directory" {
	chmod 700 rootfs/home/user
	inside 'pwd' '.process.cwd = "/home/user" | .process.user = {uid: 1000, gid: 1000}'
	is "$output" /home/user
}

@test "a file is no directory" {
	cannot /process/cwd '.process.cwd = "/etc/passwd"'
}

@test "relative, absent, empty" {
	refused /process/cwd "" '.process.cwd = "tmp"'
	refused /process/cwd "" '.process.cwd = ""'
	refused "/process(/cwd)?" cwd 'del(.process.cwd)'
}
