# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /process/args: the program of the container, found before create returns.

load ../lib

@test "arguments arrive as they are" {
	program sh -c 'printf "%s|" "$@"; echo $#' sh "a b" "" $'x\ny' '"' '\' 'ü'
	ok run "$ID"
	is "$output" $'a b||x\ny|"|\\|ü|6'
}

@test "the program is found in the container's PATH, not the caller's" {
	mkdir -p rootfs/opt/only
	printf '#!/bin/sh\necho found $0\n' >rootfs/opt/only/tool
	chmod 755 rootfs/opt/only/tool
	program tool
	config '.process.env = ["PATH=/nosuch:/opt/only:/bin"]'
	ok run "$ID"
	is "$output" "found /opt/only/tool"
}

@test "a path with a slash is relative to cwd" {
	mkdir -p rootfs/opt
	printf '#!/bin/sh\necho found\n' >rootfs/opt/tool
	chmod 755 rootfs/opt/tool
	program ./tool
	config '.process.cwd = "/opt"'
	ok run "$ID"
	is "$output" found
}

@test "a file in PATH that cannot be executed is passed over" {
	mkdir -p rootfs/opt/first rootfs/opt/second
	echo no >rootfs/opt/first/tool
	printf '#!/bin/sh\necho second\n' >rootfs/opt/second/tool
	chmod 755 rootfs/opt/second/tool
	program tool
	config '.process.env = ["PATH=/opt/first:/opt/second:/bin"]'
	ok run "$ID"
	is "$output" second
}

@test "a name that is nowhere in PATH" {
	program nosuch
	cannot 'exec: "nosuch": executable file not found in $PATH'
}

@test "an empty name" {
	program ""
	cannot '/process/args'
}

@test "a path that is not there" {
	program /nosuch/program
	cannot 'exec: "/nosuch/program": '
	has "$stderr" 'no such file or directory'
}

@test "a file without permission to execute" {
	program /etc/passwd
	cannot 'exec: "/etc/passwd": permission denied'
}

@test "a file that the user may not execute" {
	printf '#!/bin/sh\n' >rootfs/bin/tool
	chmod 700 rootfs/bin/tool
	program /bin/tool
	cannot 'exec: "/bin/tool": permission denied' '.process.user = {uid: 1000, gid: 1000}'
}

@test "a directory" {
	program /etc
	cannot 'is a directory'
}

# A dynamic program whose interpreter has another name than any that is there.
dynamic_program() {
	printf 'int main(void) { return 0; }\n' | gcc -x c - -o "$1" -Wl,--dynamic-linker=/lib/ld-nosuch.so.1
}

@test "the ELF interpreter is missing" {
	is_tare || skip "other runtimes say only ENOENT"
	dynamic_program rootfs/bin/app
	program /bin/app
	try run "$ID"
	is "$status" 1
	has "$stderr" 'exec: "/bin/app": no such file or directory: its interpreter "/lib/ld-nosuch.so.1" is missing in the rootfs'
}

@test "the interpreter of a script is missing" {
	is_tare || skip "other runtimes say only ENOENT"
	printf '#!/usr/bin/nosuch -x\n' >rootfs/bin/app
	chmod 755 rootfs/bin/app
	program /bin/app
	try run "$ID"
	is "$status" 1
	has "$stderr" 'exec: "/bin/app": no such file or directory: its interpreter "/usr/bin/nosuch" is missing in the rootfs'
}

@test "a program for another machine" {
	is_tare || skip "other runtimes do not say for which"
	cp rootfs/bin/busybox rootfs/bin/app
	# e_machine, little endian: EM_AARCH64, or EM_X86_64 where that is our own.
	if [ "$(uname -m)" = aarch64 ]; then
		printf '\x3e\x00' | dd of=rootfs/bin/app bs=1 seek=18 conv=notrunc status=none
		other=x86_64
	else
		printf '\xb7\x00' | dd of=rootfs/bin/app bs=1 seek=18 conv=notrunc status=none
		other=aarch64
	fi
	program /bin/app
	try run "$ID"
	is "$status" 1
	has "$stderr" "exec: \"/bin/app\": exec format error: built for $other"
}

@test "a file that is no program" {
	echo hello >rootfs/bin/app
	chmod 755 rootfs/bin/app
	program /bin/app
	try run "$ID"
	is "$status" 1
	has "$stderr" 'exec format error'
}

@test "no arguments, absent, not strings" {
	refused /process/args "" '.process.args = []'
	refused /process/args "" 'del(.process.args)'
	refused /process/args "" '.process.args = "sh"'
	refused /process/args/1 "" '.process.args = ["sh", 1]'
	refused /process/args/0 "" '.process.args = ["sh\u0000"]'
}

@test "an argument longer than the kernel takes" {
	jq --arg x "$(head -c 65536 /dev/zero | tr '\0' x)" \
		'.process.args = ["true", $x + $x + $x + $x]' config.json >new.json
	mv new.json config.json
	try run "$ID"
	is "$status" 1
	! is_tare || has "$stderr" "argument list too long"
}

@test "a hundred thousand arguments" {
	config '.process.args = ["sh", "-c", "echo $#", "sh"] + [range(100000) | "a"]'
	ok run "$ID"
	is "$output" 100000
}

@test "no process: create works, start says so" {
	is_tare || skip "the others refuse at create"
	config 'del(.process)'
	ok create "$ID"
	is "$(state_of "$ID")" created
	fails 1 /process start "$ID"
}
