# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# The test library finds what a test has left behind, and says what is wrong.

load lib

leaks() {
	status=0
	output=$("$TESTS/lib/leaks" 2>&1) || status=$?
}

@test "nothing left is no leak" {
	leaks
	is "$status$output" 0
}

@test "a process that shows the test's directory is found, and ended" {
	sleep 1000 3>&- 4>&- &
	leaks
	is "$status" 1
	has "$output" "process $!: sleep 1000"
	wait $! 2>/dev/null || :
	leaks
	is "$status" 0
}

@test "a cgroup is found, and removed" {
	local root

	root=$(v2_root)
	[ -n "$root" ] || skip "no cgroup2 mount"
	mkdir -p "$root/tare-lib/$ID/below"
	leaks
	is "$status" 1
	has "$output" "$root/tare-lib/$ID"
	[ ! -d "$root/tare-lib/$ID" ]
	rmdir "$root/tare-lib"
}

# In namespaces of its own: a mount of the host's would be in the mountinfo of everybody.
@test "a mount is found, and undone; who sees it is not taken for the test's" {
	# shellcheck disable=SC2016
	run unshare --mount --pid --fork --kill-child --mount-proc bash -c '
		env -i sleep 1000 &
		mkdir "$B/mount" && mount -t tmpfs tmpfs "$B/mount" && "$TESTS/lib/leaks"
		echo "status $?"
		mountpoint -q "$B/mount" || echo undone
		kill -0 $! && echo alive' 3>&- 4>&-
	is "$output" "mounts left: $B/mount"$'\n'"status 1"$'\n'"undone"$'\n'"alive"
}

@test "a process is found by its root file system" {
	# shellcheck disable=SC2016
	unshare --mount sh -c 'mount --bind rootfs rootfs && cd rootfs && pivot_root . mnt && umount -l /mnt && exec env -i /bin/sleep 1000' 3>&- 4>&- &
	until_true 5 rooted $!
	leaks
	is "$status" 1
	has "$output" "process $!: /bin/sleep 1000"
	wait $! 2>/dev/null || :
}
rooted() { grep -q '/bundle/rootfs / ' "/proc/$1/mountinfo" && [ "$(tr -d '\0' <"/proc/$1/environ" | wc -c)" -eq 0 ]; }

@test "it kills nothing without a test's directory" {
	B=/tmp leaks
	is "$status" 2
	PREFIX="" leaks
	is "$status" 2
}

@test "state is found" {
	mkdir -p "$ROOT/$ID"
	leaks
	is "$status" 1
	has "$output" "$ROOT/$ID"
	rmdir "$ROOT/$ID"
}

@test "no_trace sees each of them" {
	mkdir -p "$ROOT/$ID"
	run no_trace "$ID"
	is "$status" 1
	rmdir "$ROOT/$ID"
	sleep 1000 3>&- 4>&- &
	run no_trace "$ID"
	is "$status" 0
	kill $!
	(exec -a "/$ID" sleep 1000 3>&- 4>&-) &
	until_true 5 grep -q "$ID" "/proc/$!/cmdline"
	run no_trace "$ID"
	is "$status" 1
	kill $!
	wait 2>/dev/null || :
	# shellcheck disable=SC2016
	run unshare --mount bash -c '. "$TESTS/lib.bash"; mount --bind "$BUNDLE" "$BUNDLE"; no_trace "$ID"'
	is "$status" 1
	has "$output" "mounts are left"
	no_trace "$ID"
}

@test "a hang is a failure" {
	LIMIT=1 run try_command sleep 10
	is "$status" 1
	has "$output" "still running after 1 s: sleep 10"
}

@test "the checks fail when they should" {
	run is a b
	is "$status" 1
	run isnt a a
	is "$status" 1
	run has abc x
	is "$status" 1
	run lacks abc b
	is "$status" 1
	run matches abc '^b'
	is "$status" 1
	run until_true 0.1 false
	is "$status" 1
}

@test "the views of cgroups" {
	is "$("$TESTS/lib/view" hybrid sh -c 'grep " /sys/fs/cgroup" /proc/self/mounts | cut -d" " -f2,3 | sort')" \
		"$(grep ' /sys/fs/cgroup' /proc/self/mounts | cut -d' ' -f2,3 | sort)"
	! has_v2 || is "$("$TESTS/lib/view" v2 stat -f -c %T /sys/fs/cgroup)" cgroup2fs
	grep -q ' cgroup ' /proc/self/mounts || return 0
	is "$("$TESTS/lib/view" v1 grep -c ' cgroup2 ' /proc/self/mounts)" 0
	is "$("$TESTS/lib/view" v1 grep -c ' cgroup ' /proc/self/mounts)" "$(grep -c ' cgroup ' /proc/self/mounts)"
}
