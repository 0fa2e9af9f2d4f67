# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Mount targets that lead, or are led, out of the container.

load ../lib
load attack

# The volume of the container /vol: a directory a, and b, a link that leads outside.
shared_volume() {
	outside
	mkdir -p "$B/vol/a"
	ln -s "$OUT" "$B/vol/b"
	config --arg s "$B/vol" '.mounts += [{destination: "/vol", type: "bind", source: $s, options: ["rbind"]}]'
	script 'cat /proc/self/mountinfo'
}

# --- CVE-2021-30465: the target is exchanged between look and mount -----------------------

two_tmpfs() {
	config '.mounts += [
		{destination: "/vol/a/sub", type: "tmpfs", source: "tmpfs", options: ["size=64k"]},
		{destination: "/vol/a/new", type: "tmpfs", source: "tmpfs", options: ["size=64k"]}]'
}
both_are_there() {
	is "$(grep -c ' - tmpfs tmpfs .*size=64k' <<<"$output")" 2 || fail "$output"
}

@test "CVE-2021-30465: a target exchanged with a link to the host" {
	shared_volume
	mkdir "$B/vol/a/sub"
	two_tmpfs
	ok run "$ID"
	both_are_there
	swapping "$B/vol/a" "$B/vol/b"
	race 40 both_are_there
	swapped
}

@test "CVE-2021-30465: the same when the image has that path, too" {
	shared_volume
	mkdir -p "rootfs/$OUT"
	two_tmpfs
	swapping "$B/vol/a" "$B/vol/b"
	race 40 both_are_there
	swapped
}

@test "CVE-2021-30465: a bind mount of the whole host is not what a link gets" {
	# The original goal: the second mount lays the host's root over the volume.
	shared_volume
	rm "$B/vol/b"
	ln -s / "$B/vol/b"
	mkdir "$B/vol/a/sub" "$B/other"
	config --arg s "$B/other" '.mounts += [
		{destination: "/vol/a/sub", type: "bind", source: $s, options: ["rbind"]}]'
	script "cat /vol/a/sub/$OUT/mark /vol/b/$OUT/mark /vol/a/$OUT/mark 2>/dev/null; :"
	swapping "$B/vol/a" "$B/vol/b"
	race 30 nothing_is_seen
	swapped
}
nothing_is_seen() { is "$output" ""; }

# --- CVE-2024-45310: empty files and directories on the host ------------------------------

# What is made stays: a new name for each turn.
before_turn() {
	[ -n "${TARGETS-}" ] || return 0
	config "del(.mounts[$TARGETS:]) | .mounts += [
		{destination: \"/vol/a/dir$TURN/x/y\", type: \"tmpfs\", source: \"tmpfs\", options: [\"size=64k\"]},
		{destination: \"/vol/a/file$TURN\", type: \"bind\", source: \"$B/file\", options: [\"bind\"]},
		{destination: \"/vol/a/deep$TURN/file\", type: \"bind\", source: \"$B/file\", options: [\"bind\"]}]"
}
three_are_there() {
	is "$(grep -cE "/(dir|file|deep)$TURN" <<<"$output")" 3 || fail "$output"
}

@test "CVE-2024-45310: targets that have to be made" {
	shared_volume
	echo data >"$B/file"
	TARGETS=$(jq '.mounts | length' config.json)
	swapping "$B/vol/a" "$B/vol/b"
	race 40 three_are_there
	swapped
}

@test "CVE-2024-45310: the same when the image has that path, too" {
	shared_volume
	echo data >"$B/file"
	mkdir -p "rootfs/$OUT"
	TARGETS=$(jq '.mounts | length' config.json)
	swapping "$B/vol/a" "$B/vol/b"
	race 30 three_are_there
	swapped
}

@test "CVE-2024-45310: a working directory that has to be made" {
	shared_volume
	config '.process.cwd = "/vol/a/made/for/it"'
	script 'pwd'
	swapping "$B/vol/a" "$B/vol/b"
	race 30 cwd_is_there
	swapped
}
cwd_is_there() { matches "$output" '/made/for/it$'; }

@test "the exchange works: a plain mount of a tmpfs lands outside" {
	# In a mount namespace of its own, by the name, 100 times.
	shared_volume
	mkdir "$B/vol/a/sub" "$OUT/sub"
	swapping "$B/vol/a" "$B/vol/b"
	astray=$(unshare --mount --propagation private sh -c '
		for i in $(seq 100); do
			mount -t tmpfs tmpfs "$1/vol/a/sub" 2>/dev/null
		done
		grep -c " $2/sub " /proc/self/mountinfo' sh "$B" "$OUT" 3>&- 4>&- || :)
	swapped 1
	[ "$astray" -gt 0 ]
}

# --- CVE-2019-18837, lxc CVE-2015-1335, bubblewrap CVE-2026-87766: links of the image -----

# leads TARGET: the image's /link leads there; mounts on and below it must not
leads() {
	local at

	ln -sfn "$1" rootfs/link
	for at in /link /link/sub /link/new/deep; do
		target "$at" "{type: \"tmpfs\", source: \"tmpfs\"}"
		target "$at" "{type: \"bind\", source: \"$B/dir\", options: [\"rbind\"]}"
		target "$at" "{type: \"bind\", source: \"$B/file\", options: [\"bind\"]}"
	done
}

target() { # DESTINATION MOUNT
	config "del(.mounts[$OWN_MOUNTS:]) | .mounts += [$2 + {destination: \"$1\"}]"
	try run "$ID"
	clean_end
	untouched || fail "$1 $2, link to $(readlink rootfs/link)"
	[ "$status" -ne 0 ] || lacks "$output" outside
}

link_attack() {
	outside sub
	mkdir "$B/dir"
	touch "$B/file"
	OWN_MOUNTS=$(jq '.mounts | length' config.json)
	script "cat /link/mark /link 2>/dev/null; :"
}

@test "CVE-2019-18837: links that lead out of the image" {
	link_attack
	leads "$OUT"
	leads "../../../../../../../../../../../..$OUT"
}

@test "CVE-2019-18837: links that lead out by way of /proc" {
	# Until it has pivoted, the root of pid 1 is that of the host.
	link_attack
	leads "/proc/self/root$OUT"
	leads "/proc/1/root$OUT"
	leads "/proc/thread-self/root$OUT"
	leads "/proc/self/cwd/../out"
}

@test "CVE-2019-18837: a chain of links, a loop of links" {
	link_attack
	ln -s "$OUT" rootfs/second
	mkdir -p rootfs/somewhere
	ln -s ../../../../../../../../../.. rootfs/somewhere/up
	ln -s link rootfs/loop
	leads second
	leads "somewhere/up$OUT"
	leads loop
}

# --- what is copied from the image -----------------------------------------------------------

@test "tmpcopyup copies what is the image's, even if it becomes a link" {
	outside secret
	mkdir rootfs/data
	echo fine >rootfs/data/file
	ln -s "$OUT/secret" rootfs/data/link
	ln -s "$OUT" rootfs/elsewhere
	script 'cat /data/* 2>/dev/null; :' '.mounts += [{destination: "/data", type: "tmpfs", source: "tmpfs",
		options: ["tmpcopyup"]}]'
	ok run "$ID"
	is "$output" fine
	swapping rootfs/data rootfs/elsewhere
	race 30 nothing_outside
	swapped
}
nothing_outside() { lacks "$output" outside; }

@test "CVE-2025-24965: no file of the runtime's own appears in the image" {
	local before

	mkdir -p rootfs/dev/{pts,shm,mqueue}
	before=$(cd rootfs && find . -printf '%p %y %m %s %T@\n' | sort)
	up
	ok exec "$ID" true
	is "$(cd rootfs && find . -printf '%p %y %m %s %T@\n' | sort)" "$before"
	ok delete --force "$ID"
	is "$(cd rootfs && find . -printf '%p %y %m %s %T@\n' | sort)" "$before"
}
