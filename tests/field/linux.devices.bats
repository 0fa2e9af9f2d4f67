# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/devices, and the devices every container has

load ../lib

@test "the default devices and links" {
	inside 'cd /dev; stat -c "%n %F %t:%T %a %u %g" null zero full random urandom tty
		for l in fd stdin stdout stderr ptmx; do echo $l $(readlink $l); done'
	is "$output" "null character special file 1:3 666 0 0
zero character special file 1:5 666 0 0
full character special file 1:7 666 0 0
random character special file 1:8 666 0 0
urandom character special file 1:9 666 0 0
tty character special file 5:0 666 0 0
fd /proc/self/fd
stdin /proc/self/fd/0
stdout /proc/self/fd/1
stderr /proc/self/fd/2
ptmx pts/ptmx"
}

@test "they work" {
	inside 'echo x >/dev/null; head -c 2 /dev/zero | od -An -tx1; head -c 4 /dev/urandom | wc -c
		echo x 2>/dev/null >/dev/full || echo full; echo out >>/dev/stdout; echo err >>/dev/stderr'
	is "$output" $' 00 00\n4\nfull\nout'
	is "$stderr" err
}

@test "a pseudo terminal can be had" {
	inside 'script=; exec 3<>/dev/ptmx && ls /dev/pts'
	has "$output" 0
}

@test "character, block and FIFO; mode and owner" {
	umask 077
	script 'cd /dev; stat -c "%n %F %t:%T %a %u %g" one two three deep/four' '.linux.devices = [
		{path: "/dev/one", type: "c", major: 1, minor: 5, fileMode: 384, uid: 1000, gid: 1001},
		{path: "/dev/two", type: "b", major: 7, minor: 0, fileMode: 438},
		{path: "/dev/three", type: "p", fileMode: 420},
		{path: "/dev/deep/four", type: "u", major: 1, minor: 3}]'
	ok run "$ID"
	is "$output" "one character special file 1:5 600 1000 1001
two block special file 7:0 666 0 0
three fifo 0:0 644 0 0
deep/four character special file 1:3 666 0 0"
}

@test "a device elsewhere than in /dev" {
	inside 'stat -c "%F %t:%T" /srv/zero' '.linux.devices = [{path: "/srv/zero", type: "c", major: 1, minor: 5}]'
	is "$output" "character special file 1:5"
}

@test "a default one may be named again with other properties" {
	inside 'stat -c "%t:%T %a" /dev/null' '.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 3, fileMode: 384}]'
	matches "$output" '^1:3 6(00|66)$'
}

@test "fileMode may carry the bits of its type, as podman writes it" {
	inside 'stat -c "%F %a" /dev/one' '.linux.devices = [{path: "/dev/one", type: "c", major: 1, minor: 3, fileMode: 8630}]'
	is "$output" "character special file 666"
}

@test "what is already there and is something else" {
	is_tare || skip "the others take it as it is"
	echo file >rootfs/srv-file
	refused /linux/devices/0 "" '.linux.devices = [{path: "/srv-file", type: "c", major: 1, minor: 5}]'
}

@test "in a user namespace the host's devices are bound" {
	with_userns
	inside 'cd /dev; stat -c "%n %t:%T" null zero full random urandom tty one; head -c 1 one | od -An -tx1; echo x >null && echo writable' \
		'.linux.devices = [{path: "/dev/zero", type: "c", major: 1, minor: 5}, {path: "/dev/one", type: "c", major: 1, minor: 5}]' || {
		# There is no such file on the host: then it cannot be had, and is said.
		has "$stderr" /linux/devices/1
		inside 'cd /dev; stat -c "%n %t:%T" null zero; echo x >null && echo writable' 'del(.linux.devices[1])'
		is "$output" $'null 1:3\nzero 1:5\nwritable'
		return
	}
	has "$output" "zero 1:5"
	has "$output" writable
}

@test "what is wrong with one" {
	refused "/linux/devices/0(/type)?" "" '.linux.devices = [{path: "/dev/x", type: "z", major: 1, minor: 3}]'
	refused "/linux/devices/0(/path)?" "" '.linux.devices = [{type: "c", major: 1, minor: 3}]'
	is_tare || return 0
	refused "/linux/devices/0(/path)?" "" '.linux.devices = [{path: "dev/x", type: "c", major: 1, minor: 3}]'
	refused "/linux/devices/0(/major)?" "" '.linux.devices = [{path: "/dev/x", type: "c", minor: 3}]'
	refused "/linux/devices/0(/minor)?" "" '.linux.devices = [{path: "/dev/x", type: "b", major: 3}]'
	refused "/linux/devices/0/fileMode" "" '.linux.devices = [{path: "/dev/x", type: "c", major: 1, minor: 3, fileMode: 999999}]'
	refused "/linux/devices/0/major" "" '.linux.devices = [{path: "/dev/x", type: "c", major: "1", minor: 3}]'
	refused "/linux/devices/1" "" '.linux.devices = [{path: "/dev/x", type: "c", major: 1, minor: 3}, {path: "/dev/x", type: "c", major: 1, minor: 5}]'
}
