# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# CVE-2023-25809: with a user namespace, and without a cgroup namespace, the host's
# hierarchy was writable in the container.

load ../lib
load attack

# Tries to write in every cgroup mount; says how many there are, and what it could do.
ATTACK='for d in $(awk '\''$3 ~ /^cgroup/ { print $2 }'\'' /proc/self/mounts) /sys/fs/cgroup; do
		mounts=$((mounts + 1))
		mkdir "$d/evil" 2>/dev/null && echo "made $d/evil" && rmdir "$d/evil"
		for sub in "$d" $(find "$d" -maxdepth 3 -type d 2>/dev/null | head -n 20); do
			[ -e "$sub/cgroup.procs" ] || continue
			(echo 0 >"$sub/cgroup.procs") 2>/dev/null && echo "moved to $sub"
			mkdir "$sub/evil" 2>/dev/null && echo "made $sub/evil" && rmdir "$sub/evil"
		done
		(echo "/evil" >"$d/release_agent") 2>/dev/null && echo "release agent of $d"
		mount -o remount,rw "$d" 2>/dev/null && mkdir "$d/evil" 2>/dev/null && echo "remounted $d"
	done
	[ "$mounts" -gt 1 ] && echo tried'

with_cgroup_mount() {
	config '.mounts |= (map(select(.destination != "/sys/fs/cgroup")) + [{destination: "/sys/fs/cgroup",
		type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]}])'
}

views() { # the others cannot do with each of them
	if is_tare; then
		echo v1 hybrid v2
	else
		echo ""
	fi
}

# untouched_cgroups COMMAND...
tried_in_vain() {
	for view in $(views) ""; do
		VIEW=$view
		note "view $view"
		ok run "$ID"
		is "$output" tried
	done
}

@test "CVE-2023-25809: in a user namespace without a cgroup namespace a cgroup mount that is ro is ro" {
	with_userns
	without cgroup
	with_cgroup_mount
	with_caps
	script "$ATTACK"
	tried_in_vain
}

@test "CVE-2023-25809: with both, too" {
	with_userns
	without cgroup
	config '.linux.namespaces += [{type: "cgroup"}]'
	with_cgroup_mount
	with_caps
	script "$ATTACK"
	tried_in_vain
}

@test "CVE-2023-25809: without a user namespace, too" {
	with_cgroup_mount
	with_caps
	script "$ATTACK"
	tried_in_vain
	without cgroup
	tried_in_vain
}

@test "CVE-2023-25809: the hierarchy of the host cannot be seen above the own" {
	without cgroup
	with_cgroup_mount
	# Neither by .. nor by way of a link.
	script 'for d in $(awk '\''$3 ~ /^cgroup/ { print $2 }'\'' /proc/self/mounts); do
			n=$(find "$d/" -name cgroup.procs | wc -l)
			[ "$n" -le 1 ] || echo "$d has $n"
		done; echo tried'
	tried_in_vain
}

@test "the attack works: a cgroup mount that is rw can be written to" {
	with_cgroup_mount
	config '(.mounts[] | select(.destination == "/sys/fs/cgroup") | .options) = ["nosuid", "noexec", "nodev", "relatime", "rw"]'
	with_caps
	script "$ATTACK"
	ok run "$ID"
	has "$output" made
	has "$output" moved
}

# faulty SYSCALL-OPTIONS ... -- ARG...: tare ARG... under strace
faulty() {
	local -a options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	command -v strace >/dev/null || fail "strace is missing: make deps"
	try_command strace -f -qq -o "$B/trace" "${options[@]}" "$RUNTIME" --root "$ROOT" "$@"
}

@test "an exec that does not find the container's cgroups does not run outside of them" {
	need_v1 pids
	up
	faulty -P /proc/self/cgroup -e trace=openat -e inject=openat:error=ENOENT -- exec "$ID" cat /proc/1/cgroup
	isnt "$status" 0
	has "$stderr" "is not mounted"
	is "$output" ""
}

@test "an exec whose first message is lost ends" {
	up
	faulty -e trace=sendmsg -e inject=sendmsg:error=EIO:when=1 -- exec "$ID" true
	isnt "$status" 0
	is "$(tare ps --format json "$ID" | jq length)" 1
}
