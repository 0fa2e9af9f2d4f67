# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# A /dev of the image or of a volume that is not what it seems: the null device, the
# console, the terminals.

load ../lib
load attack

# only_mounts REGEX: drop the mounts below /dev whose destination does not match
only_mounts() {
	config --arg keep "$1" '.mounts |= map(select((.destination | test("^/dev(/|$)") | not)
		or (.destination | test($keep))))'
}

# on_terminal: run the container on a pseudo terminal, as `try`
on_terminal() {
	try_command "$TESTS/lib/pty.py" --time 10 -- tare run "$ID"
	output=${output//$'\r'/}
	[ "$status" -ne 98 ] || fail "the terminal hangs" "$stderr"
	stderr+=$output
}

# --- CVE-2026-41579, CVE-2026-47766: /dev leads outside -----------------------------------

# dev_leads FILTER...: whatever the config, OUT stays; once with a /dev mount, once without
dev_leads() {
	local target filter

	outside ptmx null console fd full core
	for target in "$OUT" "../../../../../../../../../../../..$OUT" "/proc/self/root$OUT" "/proc/1/root$OUT"; do
		rm -rf rootfs/dev
		ln -s "$target" rootfs/dev
		for filter in . "$@"; do
			cp "$B/config" config.json
			config "$filter"
			try run "$ID"
			clean_end
			untouched || fail "$filter, link to $target"
			[ "$(jq .process.terminal config.json)" = true ] || continue
			on_terminal
			untouched || fail "$filter, link to $target, on a terminal"
		done
	done
	[ -L rootfs/dev ]
	no_trace "$ID"
}

DEVICE='.linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229},
	{path: "/dev/sub/made", type: "c", major: 1, minor: 3}]'

@test "CVE-2026-41579: /dev of the image is a link, the config has no mount there" {
	program true
	only_mounts '^$'
	cp config.json "$B/config"
	dev_leads "$DEVICE" '.process.terminal = true'
}

@test "CVE-2026-41579: /dev of the image is a link, the config mounts a tmpfs there" {
	program true
	cp config.json "$B/config"
	dev_leads "$DEVICE" '.process.terminal = true'
}

@test "CVE-2026-47766: the same when the image has that path, too" {
	program true
	only_mounts '^/dev/pts$'
	cp config.json "$B/config"
	mkdir -p "rootfs/$B/out"
	dev_leads "$DEVICE" '.process.terminal = true'
}

@test "CVE-2026-47766: in a user namespace, where devices are bound" {
	program true
	with_userns
	only_mounts '^$'
	cp config.json "$B/config"
	dev_leads "$DEVICE"
}

all_devices() { is "$output" "1:3 1:5 1:7 1:8 1:9 5:0"; }

@test "CVE-2026-47766: /dev becomes a link while the container is made" {
	outside ptmx null
	only_mounts '^$'
	mkdir -p rootfs/evil
	ln -s "$OUT" rootfs/evil/link
	script 'cd /dev && echo $(stat -c %t:%T null zero full random urandom tty)'
	swapping rootfs/dev rootfs/evil/link 2000
	# /dev itself may be gone again by the time the program looks for it.
	race 40 true
	swapped
}

# links_in_dev NAME...: each name in the image's /dev is a link to a file outside, to one
# that is not there, and to a directory
links_in_dev() {
	local name target filter

	for name; do
		for target in "$OUT/mark" "$OUT/nosuch" "$OUT"; do
			for filter in . "$DEVICE" '.process.terminal = true'; do
				rm -rf rootfs/dev
				mkdir -p rootfs/dev/pts
				ln -s "$target" "rootfs/dev/$name"
				cp "$B/config" config.json
				config "$filter"
				if [ "$filter" = '.process.terminal = true' ]; then
					on_terminal
				else
					try run "$ID"
				fi
				clean_end
				untouched || fail "/dev/$name leads to $target, $filter"
			done
		done
	done
	no_trace "$ID"
}

@test "CVE-2026-41579: the names that are made or removed in /dev are links" {
	outside
	program true
	only_mounts '^/dev/pts$'
	cp config.json "$B/config"
	links_in_dev ptmx fd stdin core
}

@test "CVE-2026-41579: the names of the devices are links" {
	outside
	program true
	only_mounts '^/dev/pts$'
	cp config.json "$B/config"
	links_in_dev zero tty fuse sub
}

# --- CVE-2026-88264: /dev/console is a link -----------------------------------------------

# console_leads TARGET: neither with a terminal here nor with a console socket
console_leads() {
	rm -rf rootfs/dev
	mkdir -p rootfs/dev/pts
	ln -s "$1" rootfs/dev/console
	on_terminal
	clean_end
	untouched || fail "/dev/console leads to $1"
	rm -f "$B/console"
	try_command "$TESTS/lib/pty.py" --time 10 --console "$B/console" -- tare create --console-socket "$B/console" "$ID"
	clean_end
	untouched || fail "/dev/console leads to $1, socket"
	[ ! -e "$ROOT/$ID" ] || ok delete --force "$ID"
}

@test "CVE-2026-88264: a console that is a link makes no file outside" {
	outside
	mkdir "$B/sub"
	script 'echo evil >/dev/console' '.process.terminal = true | .process.user = {uid: 1000, gid: 1000}'
	only_mounts '^/dev/pts$'
	console_leads "$OUT/new"
	console_leads "$OUT/mark"
	console_leads "../../../../../../../../../../../..$OUT/new"
	console_leads "/proc/self/root$OUT/new"
	[ ! -e "$OUT/new" ]
}

@test "CVE-2026-88264: the same without any mount in /dev" {
	outside
	script 'echo evil >/dev/console' '.process.terminal = true'
	only_mounts '^$'
	console_leads "$OUT/new"
	console_leads "$OUT/mark"
}

@test "CVE-2026-88264: a console that is a fifo, a directory, a socket's name" {
	outside
	script 'true' '.process.terminal = true'
	only_mounts '^/dev/pts$'
	for kind in mkfifo mkdir; do
		rm -rf rootfs/dev
		mkdir -p rootfs/dev/pts
		$kind rootfs/dev/console
		LIMIT=12 on_terminal
		clean_end
	done
	no_trace "$ID"
}

# --- CVE-2026-88265: /dev/null is a link ------------------------------------------------------

null_leads() { # TARGET
	rm -rf rootfs/dev
	mkdir -p rootfs/dev/pts
	ln -s "$1" rootfs/dev/null
	try run "$ID"
	clean_end
	untouched || fail "/dev/null leads to $1"
	try_command sh -c 'exec tare run "$0" >/dev/null 2>&1 </dev/null' "$ID"
	untouched || fail "/dev/null leads to $1, all three descriptors"
	STDIN=/dev/zero try_command sh -c 'exec tare run "$0" <&-' "$ID"
	untouched || fail "/dev/null leads to $1, without standard input"
}

@test "CVE-2026-88265: a null device that is a link is neither opened nor changed" {
	outside
	script 'echo evil >/dev/null; echo evil >/proc/self/fd/0; :' '.process.user = {uid: 1000, gid: 1000}'
	only_mounts '^$'
	null_leads "$OUT/mark"
	null_leads "$OUT/new"
	null_leads "../../../../../../../../../../../..$OUT/mark"
	null_leads "/proc/self/root$OUT/mark"
	[ ! -e "$OUT/new" ]
	no_trace "$ID"
}

# --- CVE-2025-31133, CVE-2025-62161: masks are made of the container's null device --------

DOMAIN=evil-domain

# A volume is /dev; /proc/kallsyms and a file are masked. The program shows both, and what
# the attacker's link leads to.
masks_from_volume() {
	mkdir "$B/vol"
	echo secret >rootfs/etc/secret
	only_mounts '^$'
	config --arg s "$B/vol" '.mounts += [{destination: "/dev", type: "bind", source: $s, options: ["bind"]}]
		| .linux.maskedPaths = ["/etc/secret", "/proc/kallsyms"] | .linux.readonlyPaths = []'
	config --arg d "$DOMAIN" '.domainname = $d'
	# An older specification has no /domainname.
	is_tare || config --arg d "$DOMAIN" 'del(.domainname) | .linux.sysctl = {"kernel.domainname": $d}'
	script 'head -c 100 /etc/secret; head -c 100 /proc/kallsyms
		echo changed >/etc/secret; cat /proc/sys/kernel/domainname'
}
masks_are_empty() { is "$output" "$DOMAIN"; }

@test "CVE-2025-31133: a mask is not what the container's /dev/null leads to" {
	local target

	masks_from_volume
	mknod -m 666 "$B/vol/null" c 1 3
	ok run "$ID"
	masks_are_empty
	for target in /proc/sys/kernel/domainname /etc/passwd nosuch ../etc/passwd; do
		rm -f "$B/vol/null"
		ln -s "$target" "$B/vol/null"
		try run "$ID"
		note "link to $target"
		refused_or "$DOMAIN"
	done
}

@test "CVE-2025-31133: nor what it is instead of the device" {
	masks_from_volume
	for kind in "mknod -m 666 $B/vol/null c 1 5" "mkfifo $B/vol/null" "mkdir $B/vol/null" \
		"cp rootfs/etc/passwd $B/vol/null" "mknod -m 666 $B/vol/null c 1 8" true; do
		rm -rf "$B/vol/null"
		$kind
		try run "$ID"
		note "$kind"
		refused_or "$DOMAIN"
	done
}

@test "CVE-2025-31133: nor what it becomes meanwhile" {
	outside
	masks_from_volume
	mknod -m 666 "$B/vol/null" c 1 3
	ln -s /proc/sys/kernel/domainname "$B/vol/evil"
	swapping "$B/vol/null" "$B/vol/evil"
	race 40 masks_are_empty
	swapped
}

@test "CVE-2025-62161: a masked directory is empty whatever /dev is" {
	masks_from_volume
	mkdir rootfs/etc/secrets
	echo secret >rootfs/etc/secrets/one
	ln -s / "$B/vol/null"
	ln -s / "$B/vol/shm"
	script 'ls -A /etc/secrets; touch /etc/secrets/x 2>/dev/null && echo writable; :' '.linux.maskedPaths = ["/etc/secrets"]'
	try run "$ID"
	refused_or ""
}

# --- CVE-2025-52565: the terminal's name is a link ------------------------------------------

# The volume is /dev/pts: the numbers lead to a file that the runtime would lay over
# /dev/console, or open as the terminal.
pts_volume() { # TARGET
	local n

	mkdir -p "$B/vol"
	for n in {0..11}; do
		ln -sfn "$1" "$B/vol/$n"
	done
	cp "$B/config" config.json
	config --arg s "$B/vol" '.mounts |= map(if .destination == "/dev/pts" then
		{destination: "/dev/pts", type: "bind", source: $s, options: ["rbind"]} else . end)'
}

console_is_pty() {
	clean_end
	[ "$status" -eq 0 ] || return 0
	is "$output" "88" # major 136
}

@test "CVE-2025-52565: /dev/console is a pseudo terminal, or nothing" {
	outside
	script 'stat -c %t /dev/console' '.process.terminal = true'
	cp config.json "$B/config"
	on_terminal
	is "$output" 88
	for target in /proc/sys/kernel/domainname "$OUT/mark" /etc/passwd /dev/null; do
		pts_volume "$target"
		on_terminal
		note "link to $target"
		console_is_pty
		untouched
	done
}

@test "CVE-2025-52565: nor does a ptmx of the image bring another" {
	outside
	script 'stat -c %t /dev/console' '.process.terminal = true'
	cp config.json "$B/config"
	for ptmx in "ln -s $OUT/mark" "ln -s /dev/ptmx" "mkfifo" "cp rootfs/etc/passwd" "mkdir" "mknod -m 666 %s c 5 2" "mknod -m 666 %s c 1 3"; do
		rm -rf "$B/vol"
		pts_volume /etc/passwd
		if [[ $ptmx == mknod* ]]; then
			${ptmx/\%s/$B/vol/ptmx}
		else
			$ptmx "$B/vol/ptmx"
		fi
		on_terminal
		note "$ptmx"
		console_is_pty
		untouched
	done
}

@test "CVE-2025-52565: exec -t is no way either" {
	outside
	script 'sleep 1000'
	config --arg s "$B/vol" '.mounts |= map(if .destination == "/dev/pts" then
		{destination: "/dev/pts", type: "bind", source: $s, options: ["rbind"]} else . end)'
	mkdir "$B/vol"
	for n in {0..11}; do
		ln -s "$OUT/mark" "$B/vol/$n"
	done
	ln -s /etc/passwd "$B/vol/ptmx"
	try run -d "$ID"
	clean_end
	[ "$status" -eq 0 ] || return 0
	try_command "$TESTS/lib/pty.py" --time 10 -- tare exec -t "$ID" sh -c 'stat -L -c %t /proc/self/fd/0'
	output=${output//$'\r'/}
	stderr+=$output
	console_is_pty
	untouched
}

# pts_covered COMMAND: the container's root has laid a tmpfs over its /dev/pts and made
# things in there; exec -t gets a pseudo terminal or nothing
pts_covered() {
	note "$1"
	script "mount -t tmpfs tmpfs /dev/pts && cd /dev/pts && { $1; }; for n in 0 1 2 3; do ln -s /etc/passwd \$n; done; echo >/ready; exec sleep 1000"
	ok run -d "$ID"
	until_true 5 test -e rootfs/ready
	try_command "$TESTS/lib/pty.py" --time 10 -- tare exec -t "$ID" sh -c 'stat -L -c %t /proc/self/fd/0'
	[ "$status" -ne 98 ] || fail "exec hangs"
	output=${output//$'\r'/}
	stderr+=$output
	console_is_pty
	untouched
	ok delete --force "$ID"
	rm rootfs/ready
}

@test "CVE-2025-52565: nor in a container that has covered its /dev/pts" {
	outside
	with_caps CAP_SYS_ADMIN
	pts_covered :
	pts_covered 'mkfifo -m 666 ptmx'
	pts_covered 'ln -s /dev/null ptmx'
	pts_covered 'ln -s /dev/ptmx ptmx'
	pts_covered 'mknod -m 666 ptmx c 5 2'
	pts_covered 'mknod -m 666 ptmx c 1 3'
	pts_covered 'mkdir ptmx'
	pts_covered 'cd /; umount /dev/pts; rm -f /dev/ptmx; ln -s /etc/passwd /dev/ptmx; umount /dev/pts'
}

@test "a set-group-ID directory of the image does not choose a device's group" {
	mkdir rootfs/devs
	chgrp 1000 rootfs/devs
	chmod 2755 rootfs/devs
	inside 'stat -c "%u %g %a" /devs/x' '.linux.devices = [
		{path: "/devs/x", type: "c", major: 1, minor: 3, fileMode: 432}]'
	is "$output" "0 0 660"
}
