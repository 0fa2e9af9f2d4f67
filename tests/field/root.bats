# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /root/path, /root/readonly

load ../lib

@test "a relative path is below the bundle" {
	mv rootfs other
	inside 'echo here' '.root.path = "other"'
	is "$output" here
}

@test "an absolute path, a path with .. and a link" {
	mv rootfs "$B/elsewhere"
	inside 'echo absolute' ".root.path = \"$B/elsewhere\""
	is "$output" absolute
	inside 'echo relative' '.root.path = "../elsewhere"'
	is "$output" relative
	ln -s "$B/elsewhere" link
	inside 'echo link' '.root.path = "link"'
	is "$output" link
}

@test "the bundle can be named from anywhere" {
	script 'echo here'
	cd /
	ok run --bundle "$BUNDLE" "$ID"
	is "$output" here
}

@test "below directories that only the caller can enter" {
	is_tare || skip "the others cannot, with a user namespace"
	chmod 700 "$B"
	config "$USERNS"
	chown -hR 100000:100000 rootfs
	inside 'id -u'
	is "$output" 0
}

@test "readonly" {
	inside 'echo x >/x || echo refused; echo x >/dev/shm/x && echo mounts stay' '.root.readonly = true'
	is "$output" $'refused\nmounts stay'
	[ ! -e rootfs/x ]
}

@test "not readonly: what is written is in the rootfs" {
	inside 'echo written >/x' '.root.readonly = false'
	is "$(cat rootfs/x)" written
}

@test "nothing outside can be reached" {
	echo secret >"$B/secret"
	inside 'cat /../../secret /proc/1/root/../secret 2>/dev/null || echo none; ls /'
	has "$output" none
	lacks "$output" secret
}

@test "mounts of the rootfs on the host stay as they are" {
	inside 'mount -t tmpfs tmpfs /mnt 2>/dev/null; echo done'
	is "$output" done
}

@test "missing, a file, empty, absent" {
	refused /root/path rootfs '.root.path = "nosuch-rootfs"'
	echo >file
	refused /root/path file '.root.path = "file"'
	is_tare || return 0
	refused /root/path "" '.root.path = ""'
	refused "/root(/path)?" path '.root = {}'
	refused "" root 'del(.root)'
}

@test "wrong types" {
	refused /root/readonly "" '.root.readonly = 1'
	refused /root/path "" '.root.path = ["rootfs"]'
	refused /root "" '.root = "rootfs"'
}
