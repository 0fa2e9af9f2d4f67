# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Descriptors of the caller, and a working directory on one of them.

load ../lib
load attack

# leaking COMMAND...: run it with a directory of the host open as 5 to 9, 12 and 20
leaking() { "$@" 5<"$OUT" 6<"$OUT" 7<"$OUT" 8<"$OUT" 9<"$OUT" 12<"$OUT" 20<"$OUT"; }

LOOK='cat mark ../mark ../../mark ../../../mark out/mark ../out/mark /proc/self/cwd/mark 2>/dev/null; :'

host_directory() {
	outside
	printf '#!/bin/busybox sh\necho outside\n' >"$OUT/program"
	chmod 755 "$OUT/program"
	script "$LOOK"
}

# --- CVE-2024-21626, GHSA-xr7r-f8xq-vfvv -------------------------------------------------

leads_nowhere() { # the last try
	clean_end
	lacks "$output" outside
}

@test "CVE-2024-21626: cwd is a descriptor that the caller has left open" {
	local n

	host_directory
	for n in {3..20}; do
		config ".process.cwd = \"/proc/self/fd/$n\""
		leaking try run "$ID"
		note "$n"
		leads_nowhere
	done
	no_trace "$ID"
}

@test "CVE-2024-21626: the same by other names" {
	local cwd

	host_directory
	for cwd in /proc/self/fd/7/.. /proc/1/fd/7 /proc/thread-self/fd/7 /proc/self/task/1/fd/7 \
		/dev/fd/7 /proc/self/cwd /proc/self/cwd/.. "/proc/self/root$OUT" "/proc/1/root$OUT" /proc/1/cwd \
		/proc/self/fd/7/../out; do
		config ".process.cwd = \"$cwd\""
		leaking try run "$ID"
		note "$cwd"
		leads_nowhere
	done
	no_trace "$ID"
}

@test "CVE-2024-21626: cwd is a link of the image that leads to one" {
	local n

	host_directory
	config '.process.cwd = "/link"'
	for n in {3..14} 20; do
		ln -sfn "/proc/self/fd/$n" rootfs/link
		leaking try run "$ID"
		note "$n"
		leads_nowhere
	done
	no_trace "$ID"
}

@test "CVE-2024-21626: exec --cwd" {
	local n

	host_directory
	up
	for n in {3..20}; do
		leaking try exec --cwd "/proc/self/fd/$n" "$ID" sh -c "$LOOK"
		note "$n"
		leads_nowhere
	done
	ln -s /proc/self/fd/7 rootfs/link
	leaking try exec --cwd /link "$ID" sh -c "$LOOK"
	leads_nowhere
}

@test "CVE-2024-21626: create is entered from the directory itself" {
	# /proc/self/cwd of the runtime is the bundle.
	host_directory
	echo "outside" >mark
	config '.process.cwd = "/proc/self/cwd"'
	try run "$ID"
	leads_nowhere
	config --arg b "$BUNDLE" '.process.cwd = "/" | .root.path = $b + "/rootfs"'
	cd "$OUT"
	try run --bundle "$BUNDLE" "$ID"
	is "$status" 0
	leads_nowhere
	cd "$BUNDLE"
}

@test "CVE-2024-21626: the program itself is taken from a descriptor" {
	local n

	host_directory
	for n in {3..14} 20; do
		program "/proc/self/fd/$n/program"
		leaking try run "$ID"
		note "$n"
		leads_nowhere
		isnt "$status" 0
	done
	no_trace "$ID"
}

@test "CVE-2024-21626: a descriptor that is handed on is no way out for cwd" {
	host_directory
	config '.process.cwd = "/proc/self/fd/7"'
	leaking try run --preserve-fds 6 "$ID"
	clean_end
	[ "$status" -ne 0 ] || fail "its working directory is outside" "$output"
	no_trace "$ID"
}

@test "CVE-2024-21626: nothing of the caller's is open in the container" {
	put tools/probe
	outside
	program probe fds
	leaking try run "$ID"
	is "$status" 0
	is "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" "0 1 2 "
	lacks "$output" "$OUT"
	up
	leaking try exec "$ID" probe fds
	is "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" "0 1 2 "
	lacks "$output" "$OUT"
}

@test "CVE-2024-21626: more descriptors are asked for than the caller has: not ours instead" {
	local n

	put tools/probe
	up
	for n in 1 2 3 4 6; do
		for how in "exec --preserve-fds $n $ID probe fds" "run --preserve-fds $n $ID2"; do
			# shellcheck disable=SC2016
			try_command bash -c 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&-; exec "$RUNTIME" --root "$ROOT" $0' "$how"
			note "$how"
			isnt "$status" 0
			has "$stderr" 'descriptor 3 is not open'
			is "$output" ""
		done
	done
	no_trace "$ID2"
}

@test "CVE-2024-21626: nor in an init that waits for start" {
	local fd pid target mount

	outside
	leaking ok create "$ID"
	pid=$(pid_of "$ID")
	for fd in /proc/"$pid"/fd/*; do
		target=$(readlink "$fd") || continue
		if [ -d "$fd/" ]; then
			# On a mount of the container's, or the root of a detached one: no .. leads out.
			mount=$(sed -n 's/^mnt_id:[[:space:]]*//p' "/proc/$pid/fdinfo/${fd##*/}")
			grep -q "^$mount " "/proc/$pid/mountinfo" || is "$(stat -L -c %d:%i "$fd/..")" "$(stat -L -c %d:%i "$fd/")" ||
				fail "${fd##*/} is the directory $target"
		fi
		[[ $target != "$OUT"* && $target != "$BUNDLE"* && $target != *cgroup* ]] || fail "${fd##*/} is $target"
	done
}

@test "the leak works: a program that keeps its descriptors gets out" {
	outside
	rm -rf rootfs/proc
	mkdir rootfs/proc
	# shellcheck disable=SC2016
	try_command unshare --mount --propagation private --pid --fork sh -c '
		mount -t proc proc rootfs/proc
		exec chroot rootfs sh -c "cd /proc/self/fd/7 && cat mark"' 7<"$OUT"
	has "$output" outside
}

# --- CVE-2017-5226: the caller's terminal ---------------------------------------------------

typing() {
	put cve/type
	program type
}

# The terminal's driver echoes what is typed into it.
typed_nothing() {
	output=${output//$'\r'/}
	is "$status" 0
	is "$output" "taken 0, typed 0, own session yes, terminal 0"
}

@test "CVE-2017-5226: run without a terminal cannot type into the caller's" {
	typing
	try_command "$TESTS/lib/pty.py" -- tare run "$ID"
	typed_nothing
}

@test "CVE-2017-5226: create and start, neither" {
	typing
	# It writes to the terminal of create.
	try_command "$TESTS/lib/pty.py" -- sh -c 'tare create "$0" && tare start "$0" && sleep 0.3' "$ID"
	typed_nothing
}

@test "CVE-2017-5226: nor can exec" {
	put cve/type
	up
	try_command "$TESTS/lib/pty.py" -- tare exec "$ID" type
	typed_nothing
}

@test "the typing works: a program of the caller's own session can" {
	[ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ] || skip "dev.tty.legacy_tiocsti is 0"
	try_command "$TESTS/lib/pty.py" -- "$PROGRAMS/cve/type"
	matches "$output" 'typed [1-4],'
}
