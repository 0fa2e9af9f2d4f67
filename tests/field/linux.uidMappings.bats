# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/uidMappings, /linux/gidMappings

load ../lib

maps='tr -s " " </proc/self/uid_map; tr -s " " </proc/self/gid_map; cat /proc/self/setgroups'

@test "the maps are those of the config" {
	with_userns
	inside "$maps"
	is "$output" $' 0 100000 65536\n 0 100000 65536\nallow'
}

@test "several ranges" {
	with_userns
	inside "$maps" '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}, {containerID: 1000, hostID: 200000, size: 5}]'
	is "$output" $' 0 100000 10\n 1000 200000 5\n 0 100000 65536\nallow'
}

@test "340 ranges" {
	with_userns
	own_rootfs 1000
	# They must fit a page when written.
	inside 'wc -l </proc/self/uid_map' \
		'.linux.uidMappings = [range(340) | {containerID: ., hostID: (1000 + . * 2), size: 1}]'
	is "$output" 340
}

@test "more ranges than the kernel takes" {
	with_userns
	refused /linux/uidMappings "" '.linux.uidMappings = [range(5000) | {containerID: ., hostID: (100000 + . * 2), size: 1}]'
}

@test "files of the container belong to its root on the host" {
	with_userns
	inside 'echo x >/made; stat -c %u /made'
	is "$output" 0
	is "$(stat -c %u rootfs/made)" 100000
}

@test "another user inside" {
	with_userns
	inside 'id -u; id -g; id -G' '.process.user = {uid: 1000, gid: 1001, additionalGids: [5]}'
	is "$output" $'1000\n1001\n1001 5'
}

@test "capabilities do not reach the host" {
	with_userns
	inside 'hostname other && echo own name; mount -t tmpfs tmpfs /mnt && echo own mount; mknod /null c 1 3 || echo no device' \
		'.process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_SYS_ADMIN", "CAP_MKNOD"]}) | add)'
	is "$output" $'own name\nown mount\nno device'
}

@test "host mounts keep their flags: read-only cannot be undone" {
	with_userns
	mkdir "$B/data"
	script 'mount -o remount,rw,bind /data 2>/dev/null && echo undone; echo x >/data/x && echo written; echo end' \
		'.process.capabilities = (["bounding", "permitted", "effective"] | map({(.): ["CAP_SYS_ADMIN"]}) | add)'
	config --arg s "$B/ro" '.mounts += [{destination: "/data", type: "bind", source: $s, options: ["bind"]}]'
	mkdir "$B/ro"
	try_command unshare --mount sh -c 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec tare run "$2"' sh "$B/ro" "$ID"
	is "$status" 0
	is "$output" end
}

@test "an id that is not mapped" {
	with_userns
	refused /process/user/uid "" '.process.user = {uid: 70000, gid: 0}'
	refused /process/user/gid "" '.process.user = {uid: 0, gid: 70000}'
}

@test "no user namespace, no mappings" {
	is_tare || skip "the others do not look"
	refused /linux/uidMappings "user namespace" '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1}]'
	config 'del(.linux.uidMappings) | .linux.namespaces += [{type: "user"}]'
	refused "(/linux/uidMappings|/linux/namespaces/[0-9]+|/linux)" "" '.'
}

@test "only one of the two" {
	with_userns
	refused "(/linux/gidMappings|/linux)" "" 'del(.linux.gidMappings)'
}

@test "the id that means none, overlaps, size 0" {
	with_userns
	is_tare || skip "the others do not look"
	refused "/linux/uidMappings/0(/hostID)?" "" '.linux.uidMappings = [{containerID: 0, hostID: 4294967295, size: 1}]'
	refused "/linux/uidMappings/0(/containerID)?" "" '.linux.uidMappings = [{containerID: 4294967295, hostID: 0, size: 1}]'
	refused "/linux/uidMappings/1" "" '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}, {containerID: 5, hostID: 200000, size: 10}]'
	refused "/linux/uidMappings/0(/size)?" "" '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 0}]'
}

@test "wrong types" {
	with_userns
	refused /linux/uidMappings/0/hostID "" '.linux.uidMappings[0].hostID = "100000"'
	refused "/linux/uidMappings/0(/size)?" size 'del(.linux.uidMappings[0].size) | .linux.uidMappings[0].hostID = 100000'
	refused /linux/gidMappings/0/size "" '.linux.uidMappings[0].size = 1 | .linux.gidMappings[0].size = -1'
}

@test "exec and delete reach into it" {
	with_userns
	script 'sleep 100'
	ok run -d "$ID"
	ok exec "$ID" sh -c 'id -u; readlink /proc/self/ns/user'
	is "$output" $'0\n'"$(readlink "/proc/$(pid_of "$ID")/ns/user")"
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	ok delete "$ID"
}
