# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Names and lists that are too long, too many, or lead elsewhere.

load ../lib
load attack

# --- container ids ----------------------------------------------------------------------------

# The command must refuse it, and nothing may appear beside the state root.
refuses_id() {
	local id=$1 command

	for command in create run; do
		note "$command '$id'"
		try "$command" -- "$id"
		clean_end
		isnt "$status" 0
	done
	for command in state start "kill --all" "delete --force" delete pause ps; do
		note "$command '$id'"
		# shellcheck disable=SC2086
		try $command -- "$id"
		clean_end
		# To remove what is not there is no mistake, but nothing may go.
		[ "$command" = "delete --force" ] || isnt "$status" 0
	done
	is "$(cd "$B" && find root other-root precious -mindepth 0 | sort)" "$BESIDE"
}

@test "ids that lead out of the state root are refused" {
	local id

	program true
	mkdir -p "$ROOT" "$B/other-root/id" "$B/precious"
	echo '{}' >"$B/other-root/id/state.json"
	echo precious >"$B/precious/file"
	BESIDE=$(cd "$B" && find root other-root precious -mindepth 0 | sort)
	for id in ../precious ../other-root/id .. . "" / /etc "../root" "./x" "a/b" "a/../../precious" "$B/precious"; do
		refuses_id "$id"
	done
	[ -e "$B/precious/file" ] && [ -e "$B/other-root/id/state.json" ]
}

@test "ids of other characters, and too long, are refused" {
	local id

	program true
	mkdir -p "$ROOT" "$B/other-root" "$B/precious"
	BESIDE=$(cd "$B" && find root other-root precious -mindepth 0 | sort)
	for id in "a b" $'a\nb' $'a\tb' "%s%n" "ä" $'\x80' "a*" 'a$b' 'a;b' 'a\b' "a:b" "$(printf 'a%.0s' {1..256})" \
		"$(printf 'a%.0s' {1..300})" "$(printf 'a%.0s' {1..5000})"; do
		# The others stop at the length that a file name may have.
		is_tare || [ ${#id} -le 255 ] || continue
		refuses_id "$id"
	done
}

@test "an id of 255 characters, and every character that is allowed" {
	local id

	program true
	is_tare || skip "the others differ"
	id=$PREFIX$(printf 'a%.0s' {1..255})
	ok run "${id:0:255}"
	ok run "${PREFIX}AZ09_+.-"
}

@test "a link in the state root is no container" {
	outside
	mkdir -p "$ROOT" "$B/fake"
	echo '{}' >"$B/fake/state.json"
	ln -s "$OUT" "$ROOT/$ID"
	try delete --force "$ID"
	clean_end
	untouched
	try state "$ID"
	isnt "$status" 0
	rm -f "$ROOT/$ID"
	ln -s "$B/fake" "$ROOT/$ID2"
	try delete --force "$ID2"
	clean_end
	[ -e "$B/fake/state.json" ]
	rm -f "$ROOT/$ID2"
}

@test "cgroupsPath leads nowhere but below the root of the hierarchies" {
	local path

	script 'cat /proc/self/cgroup'
	without cgroup
	for path in /../../x ../../x /a/../../../x a/../../../../x ..; do
		config --arg path "$path/${PREFIX}x" '.linux.cgroupsPath = $path'
		try run "$ID"
		clean_end
		[ "$status" -ne 0 ] || lacks "$output" ..
	done
	is "$(ls -d /sys/fs/"${PREFIX}x" /sys/fs/cgroup/"${PREFIX}x" /sys/"${PREFIX}x" 2>/dev/null || :)" ""
}

# --- CVE-2021-43784: a length that wraps around ----------------------------------------------

# long FILTER: refused by name, at once, not cut and not crashed
long() {
	note "$1"
	cp "$B/config" config.json
	config "$1"
	LIMIT=10 try create "$ID"
	clean_end
	[ "$status" -ne 0 ] || fail "accepted"
	[ "${#stderr}" -lt 4096 ] || fail "the message has ${#stderr} bytes"
	no_trace "$ID"
}

setup_long() {
	program true
	cp config.json "$B/config"
}

@test "CVE-2021-43784: names of 70 and 100 KiB" {
	setup_long
	long '.linux.namespaces |= map(if .type == "network" then .path = "/proc/" + ("a" * 71680) else . end)'
	long '.linux.namespaces |= map(if .type == "network" then .path = ("/" * 71680) + "proc/nosuch" else . end)'
	long '.hostname = ("a" * 102400)'
	long '.hostname = ("a" * 65536)'
	long '.process.cwd = "/" + ("a" * 102400)'
	long '.process.cwd = ("/a" * 51200)'
	long '.root.path = ("a" * 102400)'
	long '.root.path = ("/a" * 51200)'
	long '.mounts += [{destination: ("/" + "a" * 102400), type: "tmpfs", source: "tmpfs"}]'
	long '.mounts += [{destination: "/mnt", type: "bind", source: ("/" + "a" * 102400), options: ["bind"]}]'
	long '.linux.cgroupsPath = "/" + ("a" * 102400)'
	long '.linux.devices = [{path: ("/dev/" + "a" * 102400), type: "c", major: 1, minor: 3}]'
	long '.linux.sysctl = {("net." + "a" * 102400): "1"}'
	long '.process.args = ["/" + ("a" * 102400)]'
}

@test "CVE-2021-43784: what is masked or read-only may be too long to exist, not too long to handle" {
	local field

	setup_long
	for field in maskedPaths readonlyPaths; do
		for length in 300 5000 65536 102400; do
			config ".linux.$field = [\"/\" + (\"a\" * $length), (\"/a\" * $length)]"
			LIMIT=10 try run "$ID"
			clean_end
		done
		cp "$B/config" config.json
	done
	no_trace "$ID"
}

@test "CVE-2021-43784: lists of 5 000 mappings, 70 000 groups" {
	setup_long
	# What is written at once: beyond 340 the kernel takes no more, and 16 bits are full
	# at 5 461 of 12 bytes.
	for n in 341 5000 5462; do
		long ".linux.namespaces += [{type: \"user\"}] | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
			| .linux.uidMappings = [range($n) | {containerID: ., hostID: (100000 + 2 * .), size: 1}]"
	done
	long '.process.user.additionalGids = [range(1; 70001)]'
	long '.process.user.additionalGids = [range(1; 65539)]'
}

@test "CVE-2021-43784: 5 000 mappings without a gap are one, or refused" {
	with_userns
	script 'cat /proc/self/uid_map' '.linux.uidMappings = [range(5000) | {containerID: ., hostID: (100000 + .), size: 1}]'
	try run "$ID"
	clean_end
	[ "$status" -ne 0 ] || is "$(tr -s ' ' <<<"$output")" " 0 100000 5000"
}

@test "CVE-2021-43784: mappings that wrap around 32 bits" {
	setup_long
	for m in '{containerID: 0, hostID: 4294967295, size: 2}' '{containerID: 4294967295, hostID: 100000, size: 2}' \
		'{containerID: 0, hostID: 100000, size: 4294967296}' '{containerID: 0, hostID: 4294967296, size: 1}' \
		'{containerID: 4294967296, hostID: 1, size: 1}' '{containerID: 0, hostID: 100000, size: 0}'; do
		long ".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [$m] | .linux.gidMappings = [$m]"
	done
}

@test "CVE-2021-43784: an environment and arguments of megabytes" {
	setup_long
	for what in '.process.env += ["A=" + ("a" * 3000000)]' '.process.args += [("a" * 3000000)]' \
		'.process.args += [range(200000) | tostring]' '.process.env += [range(200000) | "A\(.)=b"]'; do
		note "$what"
		cp "$B/config" config.json
		config "$what"
		LIMIT=10 try run "$ID"
		clean_end
	done
	no_trace "$ID"
}

@test "CVE-2021-43784: annotations of megabytes do not harm" {
	setup_long
	config '.annotations = {"big": ("a" * 1000000), ("k" * 100000): "v"}'
	LIMIT=10 try run "$ID"
	clean_end
	no_trace "$ID"
}
