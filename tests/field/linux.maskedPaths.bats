# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/maskedPaths

load ../lib

@test "a file reads as nothing, a directory is empty" {
	inside 'wc -c </proc/kallsyms; ls -A /proc/tty | wc -l' '.linux.maskedPaths = ["/proc/kallsyms", "/proc/tty"]'
	is "$output" $'0\n0'
}

@test "a mask cannot be written to or removed" {
	inside 'mkdir /proc/tty/x 2>/dev/null || echo read-only; umount /proc/tty 2>/dev/null || echo stays' \
		'.linux.maskedPaths = ["/proc/tty"]'
	is "$output" $'read-only\nstays'
}

@test "many directories" {
	mkdir -p rootfs/many
	for i in $(seq 100); do
		mkdir "rootfs/many/$i"
		echo secret >"rootfs/many/$i/file"
	done
	inside 'cat /many/*/* 2>/dev/null; ls /many | wc -l' '.linux.maskedPaths = [range(1; 101) | "/many/\(.)"]'
	is "$output" 100
}

@test "what is not there is passed over" {
	inside 'echo runs' '.linux.maskedPaths = ["/nosuch/path", "/proc/nosuch"]'
	is "$output" runs
}

@test "a link is followed inside the container" {
	echo secret >rootfs/etc/secret
	ln -s /etc/secret rootfs/link
	inside 'cat /etc/secret /link' '.linux.maskedPaths = ["/link"]'
	is "$output" ""
}

@test "below a mount" {
	mkdir "$B/data"
	echo secret >"$B/data/secret"
	config --arg s "$B/data" '.mounts += [{destination: "/data", type: "bind", source: $s, options: ["bind"]}]'
	inside 'cat /data/secret' '.linux.maskedPaths = ["/data/secret"]'
	is "$output" ""
	is "$(cat "$B/data/secret")" secret
}

@test "exec sees the mask as well" {
	up '.linux.maskedPaths = ["/proc/kallsyms"]'
	ok exec "$ID" sh -c 'wc -c </proc/kallsyms'
	is "$output" 0
}

@test "in a user namespace" {
	with_userns
	inside 'wc -c </proc/kallsyms; ls -A /proc/tty | wc -l' '.linux.maskedPaths = ["/proc/kallsyms", "/proc/tty"]'
	is "$output" $'0\n0'
}

@test "relative, no list" {
	refused /linux/maskedPaths "" '.linux.maskedPaths = "/proc/kallsyms"'
	is_tare || return 0
	refused /linux/maskedPaths/0 "" '.linux.maskedPaths = ["proc/kallsyms"]'
	refused /linux/maskedPaths/1 "" '.linux.maskedPaths = ["/proc/kallsyms", ""]'
}
