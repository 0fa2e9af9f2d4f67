# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/readonlyPaths

load ../lib

@test "a directory and a file cannot be written" {
	mkdir rootfs/dir
	echo old >rootfs/file
	inside 'echo x 2>/dev/null >/dir/x || echo dir; echo x 2>/dev/null >/file || echo file; cat /file; echo x >/else && echo else' \
		'.linux.readonlyPaths = ["/dir", "/file"]'
	is "$output" $'dir\nfile\nold\nelse'
}

@test "sysctl is written before" {
	inside 'cat /proc/sys/net/ipv4/ip_forward; echo 0 2>/dev/null >/proc/sys/net/ipv4/ip_forward || echo refused' \
		'.linux.sysctl = {"net.ipv4.ip_forward": "1"} | .linux.readonlyPaths = ["/proc/sys"]'
	is "$output" $'1\nrefused'
}

@test "the flags of the mount stay" {
	inside 'grep " /proc/sys " /proc/self/mountinfo | cut -d" " -f6' \
		'.mounts |= map(if .destination == "/proc" then .options = ["nosuid", "noexec", "nodev"] else . end)
		| .linux.readonlyPaths = ["/proc/sys"]'
	for flag in ro nosuid nodev noexec; do
		has ",$output," ",$flag,"
	done
}

@test "what is not there is passed over" {
	inside 'echo runs' '.linux.readonlyPaths = ["/nosuch/path", "/proc/nosuch"]'
	is "$output" runs
}

@test "it cannot be undone without a capability" {
	inside 'mount -o remount,rw,bind /proc/sys 2>/dev/null || echo stays' '.linux.readonlyPaths = ["/proc/sys"]'
	is "$output" stays
}

@test "in a user namespace" {
	with_userns
	mkdir -p rootfs/dir
	inside 'echo x 2>/dev/null >/dir/x || echo dir' '.linux.readonlyPaths = ["/dir", "/proc/sys"]'
	is "$output" dir
}

@test "relative, no list" {
	refused /linux/readonlyPaths "" '.linux.readonlyPaths = "/proc/sys"'
	is_tare || return 0
	refused /linux/readonlyPaths/0 "" '.linux.readonlyPaths = ["proc/sys"]'
}
