# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/namespaces

load ../lib

ns_of() { readlink "/proc/$1/ns/$2"; }

# in_container KIND: the namespace of a container's program
in_container() {
	inside "readlink /proc/self/ns/$1"
	echo "$output"
}

@test "each kind that is asked for is a new one" {
	local kind

	config '.linux.namespaces = [{type: "pid"}, {type: "network"}, {type: "ipc"}, {type: "uts"}, {type: "mount"}, {type: "cgroup"}]'
	inside 'for k in pid net ipc uts mnt cgroup; do readlink /proc/self/ns/$k; done'
	for kind in pid net ipc uts mnt cgroup; do
		lacks "$output" "$(ns_of self $kind)"
	done
	is "$(wc -l <<<"$output")" 6
}

@test "each kind that is not asked for is the caller's" {
	script 'for k in pid net ipc uts cgroup user time; do readlink /proc/self/ns/$k; done' \
		'.linux.namespaces = [{type: "mount"}] | del(.hostname)
		| .mounts |= map(if .type == "sysfs" then {destination: "/sys", type: "none", source: "/sys", options: ["rbind", "ro"]} else . end)'
	ok run "$ID"
	is "$output" "$(for k in pid net ipc uts cgroup user time; do ns_of self $k; done)"
}

@test "a new user namespace" {
	with_userns
	inside 'readlink /proc/self/ns/user; id -u'
	lacks "$output" "$(ns_of self user)"
	is "${output##*$'\n'}" 0
}

# holder UNSHARE-OPTION...: a process in new namespaces; its pid is $holder
holder() {
	unshare "$@" sh -c 'echo $$; exec sleep 100' >"$B/holder" 3>&- 4>&- &
	until_true 5 [ -s "$B/holder" ]
	holder=$!
	[[ $* != *--fork* ]] || until_true 5 child_of_holder
}
child_of_holder() {
	holder=$(pgrep -P "$holder" || :)
	[ -n "$holder" ]
}

teardown() {
	[ -z "${holder-}" ] || kill -KILL "$holder"
	wait 2>/dev/null
	tare_teardown
}

@test "a namespace to join, by its path" {
	local kind file

	holder --net --ipc --uts
	for kind in network:net ipc:ipc uts:uts; do
		file=${kind#*:} kind=${kind%:*}
		config --arg k "$kind" --arg p "/proc/$holder/ns/$file" \
			'.linux.namespaces |= map(if .type == $k then .path = $p else . end) | del(.hostname)'
		inside "readlink /proc/self/ns/$file"
		is "$output" "$(ns_of "$holder" $file)"
	done
}

@test "a pid namespace to join" {
	holder --pid --fork --kill-child --mount-proc
	config --arg p "/proc/$holder/ns/pid" '.linux.namespaces |= map(if .type == "pid" then .path = $p else . end)'
	inside 'readlink /proc/self/ns/pid; ps -o comm | grep -c sleep'
	is "$output" "$(ns_of "$holder" pid)"$'\n1'
}

@test "a user namespace to join" {
	with_userns
	holder --user --map-root-user
	config --arg p "/proc/$holder/ns/user" '.linux.namespaces |= map(if .type == "user" then .path = $p else . end)
		| del(.linux.uidMappings, .linux.gidMappings) | .mounts |= map(select(.type != "cgroup"))'
	chown -hR 0:0 rootfs
	# A holder of one id cannot give a tty group to devpts.
	config '.mounts |= map(if .type == "devpts" then .options |= map(select(startswith("gid=") | not)) else . end)'
	inside 'readlink /proc/self/ns/user; id -u'
	is "$output" "$(ns_of "$holder" user)"$'\n0'
}

@test "a mount namespace to join" {
	is_tare || skip "the others mount in there"
	holder --mount
	# The mounts are those of the namespace, the root is the container's.
	nsenter -t "$holder" -m mount -t proc proc "$BUNDLE/rootfs/proc"
	config --arg p "/proc/$holder/ns/mnt" '.linux.namespaces |= map(if .type == "mount" then .path = $p else . end)
		| .linux.namespaces |= map(select(.type != "pid")) | .mounts = [] | del(.linux.maskedPaths, .linux.readonlyPaths)'
	program readlink /proc/self/ns/mnt
	ok run "$ID"
	is "$output" "$(ns_of "$holder" mnt)"
}

@test "a cgroup namespace to join" {
	is_tare || skip "crun and runc of that age cannot"
	holder --cgroup
	config --arg p "/proc/$holder/ns/cgroup" '.linux.namespaces |= map(select(.type != "cgroup")) | .linux.namespaces += [{type: "cgroup", path: $p}]'
	inside 'readlink /proc/self/ns/cgroup'
	is "$output" "$(ns_of "$holder" cgroup)"
}

@test "a time namespace to join" {
	is_tare || skip "not in runtimes of that age"
	holder --time --fork --boottime 10000000
	config --arg p "/proc/$holder/ns/time" '.linux.namespaces += [{type: "time", path: $p}]'
	inside 'readlink /proc/self/ns/time; cut -d. -f1 /proc/uptime'
	is "${output%%$'\n'*}" "$(ns_of "$holder" time)"
	[ "${output##*$'\n'}" -ge 10000000 ]
}

@test "a new network namespace has its loopback up" {
	inside 'ip addr show lo;'
	has "$output" "LOOPBACK,UP"
	has "$output" "127.0.0.1/8"
}

@test "a joined network namespace is left as it is" {
	holder --net
	config --arg p "/proc/$holder/ns/net" '.linux.namespaces |= map(if .type == "network" then .path = $p else . end)'
	inside 'ip addr show lo'
	lacks "$output" "LOOPBACK,UP"
}

@test "a cgroup namespace begins at the container's cgroup" {
	config '.linux.namespaces |= (map(select(.type != "cgroup")) + [{type: "cgroup"}])'
	inside 'cut -d: -f3 /proc/self/cgroup | sort -u'
	has "$output" /
	lacks "$output" "$ID"
}

@test "init is pid 1 and sees only its own" {
	inside 'echo $$; ls -d /proc/[0-9]* | wc -l'
	is "${output%%$'\n'*}" 1
	[ "${output##*$'\n'}" -le 3 ]
}

@test "a kind twice" {
	refused "/linux/namespaces/5" pid '.linux.namespaces += [{type: "pid"}]'
}

@test "a path of another kind" {
	refused "/linux/namespaces/1(/path)?" "" '.linux.namespaces |= map(if .type == "network" then .path = "/proc/self/ns/ipc" else . end)'
}

@test "a path that is no namespace, that is missing, relative" {
	refused "/linux/namespaces/1(/path)?" "" '.linux.namespaces |= map(if .type == "network" then .path = "/etc/passwd" else . end)'
	refused "/linux/namespaces/1(/path)?" nosuch '.linux.namespaces |= map(if .type == "network" then .path = "/nosuch/ns" else . end)'
	refused "/linux/namespaces/1(/path)?" "" '.linux.namespaces |= map(if .type == "network" then .path = "self/ns/net" else . end)'
}

@test "a FIFO as path does not hang" {
	mkfifo "$B/fifo"
	LIMIT=5 refused "/linux/namespaces/1(/path)?" "" ".linux.namespaces |= map(if .type == \"network\" then .path = \"$B/fifo\" else . end)"
}

@test "an unknown kind, none, wrong types" {
	refused /linux/namespaces/0/type "" '.linux.namespaces[0].type = "nosuch"'
	refused "/linux/namespaces/0(/type)?" type '.linux.namespaces[0] = {}'
	refused /linux/namespaces "" '.linux.namespaces = "pid"'
	refused /linux/namespaces/0/path "" '.linux.namespaces = [{type: "pid", path: 1}]'
}

@test "without a mount namespace: what needs one is refused" {
	is_tare || skip "the others do it on the host, or say nothing"
	without mount
	refused /mounts "mount namespace"
	config '.mounts = []'
	refused /linux/maskedPaths "mount namespace" '.linux.maskedPaths = ["/proc/kcore"] | del(.linux.readonlyPaths)'
	refused /linux/readonlyPaths "mount namespace" '.linux.readonlyPaths = ["/proc/sys"] | del(.linux.maskedPaths)'
	refused /root/readonly "mount namespace" 'del(.linux.readonlyPaths) | .root.readonly = true'
	refused /linux/rootfsPropagation "mount namespace" '.root.readonly = false | .linux.rootfsPropagation = "private"'
}

@test "without a mount namespace: the program is in the rootfs" {
	is_tare || skip "the others do not agree"
	without mount
	config '.mounts = [] | del(.linux.maskedPaths, .linux.readonlyPaths, .linux.rootfsPropagation)'
	program ls /
	ok run "$ID"
	has "$output" bin
	lacks "$output" lost+found
}
