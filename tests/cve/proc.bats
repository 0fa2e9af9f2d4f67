# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# A /proc or /sys that is not what it seems, and writes to it that go elsewhere.

load ../lib
load attack

# --- CVE-2019-16884: a mount over parts of /proc -----------------------------------------

# covers DESTINATION...: neither a directory nor a tmpfs may be mounted there
covers() {
	local to

	cp config.json config.json.orig
	for to; do
		cp config.json.orig config.json
		note "bind on $to"
		cannot "" ".mounts += [{destination: \"$to\", type: \"bind\", source: \"$B/fake\", options: [\"rbind\"]}]"
		cp config.json.orig config.json
		note "tmpfs on $to"
		cannot "" ".mounts += [{destination: \"$to\", type: \"tmpfs\", source: \"tmpfs\"}]"
	done
	cp config.json.orig config.json
}

fake_proc() {
	mkdir -p "$B"/fake/{attr,sys/net,1,self/attr}
}

@test "CVE-2019-16884: nothing but a procfs is mounted on /proc" {
	fake_proc
	covers /proc /proc/ //proc /sys/../proc
}

@test "CVE-2019-16884: nothing is mounted on what the runtime uses of /proc" {
	fake_proc
	covers /proc/self /proc/self/attr /proc/1/attr /proc/thread-self/attr /proc/sys /proc/sys/net \
		/proc/sys/kernel /proc/./sys/../self/attr
}

@test "CVE-2019-16884: nor behind a link of the image" {
	fake_proc
	ln -s /proc rootfs/link
	ln -s /proc/self rootfs/link-self
	ln -s ../../proc/sys rootfs/home/link
	covers /link/self/attr /link/sys/net /link-self/attr /home/link /home/link/net
}

@test "CVE-2019-16884: files that only inform may be replaced" {
	# What the refusals are worth: lxcfs is used this way.
	echo "made up" >"$B/cpuinfo"
	is_tare || skip "the others differ in what they know"
	inside 'cat /proc/cpuinfo' ".mounts += [{destination: \"/proc/cpuinfo\", type: \"bind\", source: \"$B/cpuinfo\", options: [\"bind\"]}]"
	is "$output" "made up"
}

volume_with() { # LINK-TARGET: the volume /vol has a directory a, and b that leads there
	mkdir -p "$B/vol/a"
	ln -s "$1" "$B/vol/b"
	config --arg s "$B/vol" '.mounts += [{destination: "/vol", type: "bind", source: $s, options: ["rbind"]}]'
}

proc_is_whole() { # the output is mountinfo: nothing lies below /proc but the masks of the config
	local below

	below=$(awk '{ print $5 }' <<<"$output" | grep '^/proc/' | sort -u | tr '\n' ' ')
	is "$below" "$PROC_MOUNTS"
	grep -q ' /vol/a/attr ' <<<"$output" || fail "the mount is nowhere" "$output"
}

@test "CVE-2019-16884: nor when the target becomes a link to /proc/self meanwhile" {
	outside
	volume_with /proc/self
	mkdir "$B/vol/a/attr"
	inside 'cat /proc/self/mountinfo'
	PROC_MOUNTS=$(awk '{ print $5 }' <<<"$output" | grep '^/proc/' | sort -u | tr '\n' ' ')
	config '.mounts += [{destination: "/vol/a/attr", type: "tmpfs", source: "tmpfs", options: ["size=64k"]}]'
	swapping "$B/vol/a" "$B/vol/b"
	race 40 proc_is_whole_or_moved
	swapped
}

# While its name is exchanged the directory is also seen as /vol/b.
proc_is_whole_or_moved() {
	output=${output//\/vol\/b\/attr/\/vol\/a\/attr}
	proc_is_whole
}

# --- CVE-2019-19921, CVE-2023-27561, CVE-2023-28642: /proc or /sys is a link --------------

links() { # NAME TARGET
	rm -rf "rootfs/$1"
	mkdir -p "rootfs/evil/$1" "rootfs/evil/deep"
	ln -s "$2" "rootfs/$1"
	cannot ""
	[ -L "rootfs/$1" ] && [ -z "$(ls -A "rootfs/evil/$1")" ] || fail "$1 was followed"
}

@test "CVE-2019-19921: /proc of the image is a link" {
	links proc /evil/proc
	links proc evil/proc
	links proc evil/../evil/proc
	links proc /evil/nosuch
	links proc /
}

@test "CVE-2019-19921: /sys of the image is a link" {
	links sys /evil/sys
	links sys evil/sys
	links sys /evil/nosuch
	links sys proc
}

@test "CVE-2023-27561: /proc leads to a volume with a procfs of its own" {
	# The original: the masks go to the volume, the real one stays open.
	mkdir -p "$B/vol/proc"
	config --arg s "$B/vol" '.mounts = [{destination: "/evil", type: "bind", source: $s, options: ["rbind"]}] + .mounts'
	links proc /evil/proc
	links sys /evil/proc
}

@test "CVE-2023-28642: /proc is a file, a fifo, a device" {
	local kind

	for kind in "touch" "mkfifo" "mknod -m 666"; do
		rm -rf rootfs/proc
		if [ "$kind" = "mknod -m 666" ]; then
			mknod -m 666 rootfs/proc c 1 5
		else
			$kind rootfs/proc
		fi
		cannot ""
	done
}

@test "CVE-2019-19921: a link on the way to a procfs elsewhere" {
	mkdir -p rootfs/evil/proc
	ln -s /evil rootfs/there
	config '.mounts += [{destination: "/there/proc", type: "proc", source: "proc"}]'
	try create "$ID"
	clean_end
	[ "$status" -ne 0 ] || {
		ok start "$ID"
		! is_tare || fail "it was mounted behind the link"
	}
	[ -z "$(ls -A rootfs/evil/proc)" ]
}

# Where the container's procfs is, how often, and with how many mounts in it. An exchange
# after the mount takes it along to /evil/link, never to what the link leads to.
proc_mounts() {
	awk '$(NF - 2) == "proc" && $4 == "/" { at[n++] = $1; sub("/evil/link", "/proc", $5); where = where $5 " " }
		{ parent[NR] = $2 }
		END { for (i in parent) inside += parent[i] == at[0]; print where n, inside }' <<<"$output"
}
proc_is_proc() { is "$(proc_mounts)" "$PROC_MOUNTS" || fail "$output"; }

@test "CVE-2019-19921: /proc becomes a link while the container is made" {
	outside
	mkdir -p rootfs/evil/proc
	ln -s /evil/proc rootfs/evil/link
	inside 'cat /proc/self/mountinfo'
	PROC_MOUNTS=$(proc_mounts)
	matches "$PROC_MOUNTS" '^/proc 1 [0-9]+$'
	swapping rootfs/proc rootfs/evil/link 1000
	# It is refused wherever the change is noticed, which is nearly everywhere.
	LEAST=0 race 40 proc_is_proc
	swapped
}

# A hook stands for the neighbour, at the worst moment: after the mounts, before the masks.
strikes() { # NAME
	cat >"$B/hook" <<-END
		#!/bin/sh
		cd "$BUNDLE/rootfs" && mv "$1" evil/moved && ln -s "/evil/$1" "$1"
	END
	chmod +x "$B/hook"
	mkdir -p "rootfs/evil/$1"
	inside 'cat /proc/self/mountinfo' '.linux.maskedPaths += ["/sys/kernel/debug"] | .linux.readonlyPaths += ["/sys/kernel"]'
	WANT=$(mounts_in_kernel_fs)
	config --arg hook "$B/hook" '.hooks.createRuntime = [{path: $hook}]'
	# /proc itself leads to nothing now.
	[ "$1" != proc ] || script 'cat /evil/moved/self/mountinfo'
	try run "$ID"
	clean_end
	[ "$status" -ne 0 ] || is "$(mounts_in_kernel_fs)" "$WANT"
}
# How many mounts lie in the container's procfs and sysfs.
mounts_in_kernel_fs() {
	awk '$(NF - 2) ~ /^(proc|sysfs)$/ && $4 == "/" { at[$1] = 1 }
		{ parent[NR] = $2 }
		END { for (i in parent) n += parent[i] in at; print n + 0 }' <<<"$output"
}

@test "CVE-2019-19921: /proc becomes a link before its masks are made" { strikes proc; }

@test "CVE-2019-19921: /sys becomes a link before its masks are made" { strikes sys; }

@test "the exchange works: a plain mount goes astray" {
	local i

	outside
	mkdir "$B/dir"
	ln -s "$OUT" "$B/link"
	swapping "$B/dir" "$B/link"
	# By the name, as the runtimes did.
	for ((i = 0; i < 400; i++)); do
		[ -L "$B/dir" ] || mkdir -p "$B/dir/sub"
		[ ! -d "$OUT/sub" ] || break
	done
	swapped 1
	! (untouched) 2>/dev/null || fail "the exchange is never in time"
}

# --- CVE-2025-52881, CVE-2022-0811: sysctl and labels written elsewhere --------------------

@test "CVE-2025-52881: a sysctl is not written to a file of the image" {
	mkdir "$B/fake"
	echo unchanged >"$B/fake/ip_forward"
	ln -s /proc/sys/net/ipv4 rootfs/mnt.new
	rm -rf rootfs/mnt
	mv rootfs/mnt.new rootfs/mnt
	script 'cat /proc/sys/net/ipv4/ip_forward' '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	config --arg s "$B/fake" '.mounts += [{destination: "/mnt", type: "bind", source: $s, options: ["rbind"]}]'
	try run "$ID"
	clean_end
	is "$(cat "$B/fake/ip_forward")" unchanged
	! is_tare || refused "/mounts/[0-9]+/destination" ""
}

sysctl_is_set() {
	is "$(cat "$B"/fake/*/ip_forward)" unchanged
	is "$output" 1
}

@test "CVE-2025-52881: nor to another file when the target is exchanged" {
	outside
	mkdir -p "$B/fake/a" "$B/vol/a"
	echo unchanged >"$B/fake/a/ip_forward"
	ln -s /proc/sys/net/ipv4 "$B/vol/b"
	script 'cat /proc/sys/net/ipv4/ip_forward' '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	config --arg v "$B/vol" --arg s "$B/fake/a" '.mounts += [
		{destination: "/vol", type: "bind", source: $v, options: ["rbind"]},
		{destination: "/vol/a", type: "bind", source: $s, options: ["rbind"]}]'
	inside 'cat /proc/sys/net/ipv4/ip_forward'
	is "$output" 1
	swapping "$B/vol/a" "$B/vol/b" 1000
	race 40 sysctl_is_set
	swapped
}

@test "CVE-2025-52881: nor is the score of the OOM killer" {
	local score

	score=$(cat /proc/self/oom_score_adj)
	rm -rf rootfs/mnt
	ln -s /proc/self rootfs/mnt
	mkdir "$B/fake"
	echo unchanged >"$B/fake/oom_score_adj"
	script 'cat /proc/self/oom_score_adj' ".process.oomScoreAdj = $((score + 10))"
	ok run "$ID"
	is "$output" $((score + 10))
	config --arg s "$B/fake/oom_score_adj" '.mounts += [{destination: "/mnt/oom_score_adj", type: "bind", source: $s, options: ["bind"]}]'
	try run "$ID"
	clean_end
	is "$(cat "$B/fake/oom_score_adj")" unchanged
	! is_tare || isnt "$status" 0
}

@test "CVE-2022-0811: a sysctl of the container is none of the host" {
	local key before

	before=$(cat /proc/sys/kernel/{panic,core_pattern,threads-max})
	for key in ../kernel/panic net/../kernel/panic net.../kernel/panic net.ipv4.../../kernel/panic \
		net.ipv4.ip_forward/../../../kernel/panic net./../kernel/panic /proc/sys/kernel/panic \
		net/ipv4/../../../sys/kernel/panic kernel.shm_rmid_forced/../panic net.//kernel/panic; do
		note "$key"
		cannot "" ".linux.sysctl = {\"$key\": \"7\"}"
	done
	is "$(cat /proc/sys/kernel/{panic,core_pattern,threads-max})" "$before"
}

@test "CVE-2022-0811: a value brings no further sysctl" {
	local value before

	before=$(cat /proc/sys/kernel/{panic,core_pattern,threads-max})
	for value in '1+kernel.panic=7' '1\nkernel.panic=7' '1 kernel.panic=7' '1,kernel.panic=7'; do
		try_value "$value"
	done
	is "$(cat /proc/sys/kernel/{panic,core_pattern,threads-max})" "$before"
}
try_value() {
	script 'cat /proc/sys/kernel/panic' ".linux.sysctl = {\"kernel.shm_rmid_forced\": \"$1\"}"
	try run "$ID"
	refused_or "$(cat /proc/sys/kernel/panic)"
}

# --- the container's /proc is not trusted later either ------------------------------------

@test "lxc CVE-2015-1334: exec is confined although the container has covered its /proc" {
	local look='mkdir -p /run/p && mount -t proc proc /run/p && grep -E "^(Cap|NoNewPrivs|Uid|Gid)" /run/p/self/status && cat /run/p/self/oom_score_adj && umount /run/p' want score

	score=$(($(cat /proc/self/oom_score_adj) + 10))
	with_caps CAP_SYS_ADMIN
	script "$look" ".process.noNewPrivileges = true | .process.oomScoreAdj = $score
		| .linux.maskedPaths = [] | .linux.readonlyPaths = []"
	ok run "$ID"
	want=$output
	script 'mount -t tmpfs tmpfs /proc
		for d in self thread-self 1; do
			mkdir -p /proc/$d/attr /proc/$d/fd /proc/$d/ns
			for f in oom_score_adj loginuid attr/exec attr/current setgroups uid_map gid_map status; do
				echo unchanged >/proc/$d/$f
			done
		done
		mkdir -p /proc/sys/kernel; echo 5 >/proc/sys/kernel/cap_last_cap
		echo done >/ready; exec sleep 1000'
	ok run -d "$ID"
	until_true 5 test -s rootfs/ready
	try exec "$ID" sh -c "$look"
	refused_or "$want"
	try exec "$ID" sh -c 'cd /proc && cat */oom_score_adj */loginuid */attr/exec */setgroups | sort -u'
	refused_or unchanged
}
