# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# What a container's root gets hold of when the runtime comes in: its descriptors, its
# binary.

load ../lib
load attack

# --- CVE-2016-9962 ---------------------------------------------------------------------

peeking() { # [CAP...]
	outside
	put cve/peek
	with_caps "$@"
	up
	attacked peek 15 "$OUT/mark"
}

exec_often() {
	local i

	for i in {1..50}; do
		ok exec "$ID" /bin/true
	done
}

@test "CVE-2016-9962: of a process that comes in nothing can be opened" {
	peeking
	exec_often
	attack_over
	[ "$(value seen)" -ge 10 ] || fail "the attacker has hardly looked" "$FOUND"
	is "$(value kept) $(value host) $(value mark)" "0 0 0" || fail "$(cat "$B/attacker")"
}

@test "CVE-2016-9962: with CAP_SYS_PTRACE nothing of it leads to the host" {
	peeking CAP_SYS_PTRACE
	exec_often
	attack_over
	[ "$(value seen)" -ge 10 ] && [ "$(value opened)" -ge 10 ] || fail "the attacker has hardly looked" "$FOUND"
	is "$(value host) $(value mark)" "0 0" || fail "$(cat "$B/attacker")"
}

# It builds its own root in there: detached from all, or attached to that, is not the host.
@test "CVE-2016-9962: a container that joins the pid namespace shows nothing of the host" {
	local i pid

	peeking CAP_SYS_PTRACE
	pid=$(pid_of "$ID")
	make_bundle "$B/other"
	cd "$B/other"
	with_caps
	config --arg path "/proc/$pid/ns/pid" '.process.args = ["/bin/true"]
		| .linux.namespaces |= map(if .type == "pid" then .path = $path else . end)'
	for i in {1..25}; do
		ok run "$ID2"
	done
	cd "$BUNDLE"
	attack_over
	[ "$(value seen)" -ge 10 ] && [ "$(value opened)" -ge 10 ] || fail "the attacker has hardly looked" "$FOUND"
	is "$(value mark)" 0 || fail "$(cat "$B/attacker")"
}

@test "the peeking works: a process that joins with a directory of the host open is caught" {
	local i

	peeking CAP_SYS_PTRACE
	for i in {1..10}; do
		nsenter --target "$(pid_of "$ID")" --pid sleep 0.1 9<"$OUT" 3>&- 4>&-
	done
	attack_over
	[ "$(value mark)" -gt 0 ] && [ "$(value host)" -gt 0 ] && [ "$(value kept)" -gt 0 ] ||
		fail "$(cat "$B/attacker")"
}

# --- CVE-2019-5736 ---------------------------------------------------------------------

# A copy of the runtime, for if the attack works; it can run in the container, too.
own_copy() {
	cp "$RUNTIME" "$B/"
	RUNTIME=$B/${RUNTIME##*/}
	SUM=$(sha256sum <"$RUNTIME")
	own_copy_libraries
}

own_copy_libraries() {
	local lib

	for lib in $(ldd "$RUNTIME" 2>/dev/null | grep -o '/[^ ]*'); do
		mkdir -p "rootfs/${lib%/*}"
		cp -L "$lib" "rootfs/$lib"
	done
}

# overwriting FILE: the container's root is after that file of the host
overwriting() {
	put cve/overwrite
	with_caps CAP_SYS_PTRACE
	up
	attacked overwrite 20 $(stat -c '%d %i' "$1") /bin/busybox
}

@test "CVE-2019-5736: the runtime's binary cannot be written to from a container" {
	local i

	own_copy
	overwriting "$RUNTIME"
	for i in {1..40}; do
		# Whatever it says to being run without arguments, there.
		try exec "$ID" /proc/self/exe
		clean_end
		ok exec "$ID" /bin/true
	done
	attack_over
	[ "$(value held)" -gt 0 ] || fail "the attacker has caught nothing" "$FOUND"
	is "$(value writable)" 0 || fail "$FOUND"
	is "$(sha256sum <"$RUNTIME")" "$SUM"
	[ -x "$RUNTIME" ]
}

@test "CVE-2019-5736: nor when a container has the runtime as its program" {
	local i pid

	own_copy
	overwriting "$RUNTIME"
	pid=$(pid_of "$ID")
	make_bundle "$B/other"
	cd "$B/other"
	own_copy_libraries
	config --arg path "/proc/$pid/ns/pid" '.process.args = ["/proc/self/exe"]
		| .linux.namespaces |= map(if .type == "pid" then .path = $path else . end)'
	for i in {1..20}; do
		try run "$ID2"
		clean_end
	done
	cd "$BUNDLE"
	attack_over
	[ "$(value held)" -gt 0 ] || fail "the attacker has caught nothing" "$FOUND"
	is "$(value writable)" 0 || fail "$FOUND"
	is "$(sha256sum <"$RUNTIME")" "$SUM"
}

@test "the overwriting works: a program of the host that joins is overwritten" {
	local i

	# Copies both: nsenter is seen as well.
	cp "$(command -v nsenter)" "$B/nsenter"
	cp "$TESTS/cache/busybox/bin/busybox" "$B/busybox"
	overwriting "$B/busybox"
	for i in {1..5}; do
		"$B/nsenter" --target "$(pid_of "$ID")" --pid "$B/busybox" sleep 0.1 3>&- 4>&- || break
	done
	attack_over
	[ "$(value writable)" -gt 0 ] || fail "$FOUND"
	is "$(head -n 1 "$B/busybox" | tr -d '\0')" "#!/overwritten"
}
