# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# Who a program is: numbers that are none, capabilities that come along, hostile
# /etc/passwd.

load ../lib
load attack

WHO='echo $(id -u):$(id -g)'

# --- CVE-2026-30892, containerd CVE-2026-46680 -----------------------------------------

is_user() { # ARGUMENT UID:GID
	ok exec --user "$1" "$ID" sh -c "$WHO"
	is "$output" "$2" || fail "-u '$1'"
	ok exec -u "$1" "$ID" sh -c "$WHO"
	is "$output" "$2" || fail "-u '$1'"
}

is_no_user() {
	try exec -u "$1" "$ID" sh -c "$WHO"
	clean_end
	[ "$status" -ne 0 ] || fail "-u '$1' is $output"
	is "$output" "" || fail "-u '$1'"
}

NO_IDS=("" x -1 4294967295 4294967296 1: 1:x "1 " " 1" 0x1 1:-1 100000000000000000000 1:4294967295
	1:4294967296 4294967295:1 :1 : 1:2:3 "1:2 " +1 1e3 1.0 "1,2" 99999999999 18446744073709551616
	18446744073709551615 -4294967295 "0 " -0 "1:" "٣")

@test "CVE-2026-30892: exec -u UID and UID:GID" {
	up
	is_user 1 1:0
	is_user 1:2 1:2
	is_user 0 0:0
	is_user 0:5 0:5
	is_user 1000:0 1000:0
	is_user 4294967294:4294967294 4294967294:4294967294
}

@test "CVE-2026-30892: what is no user is nobody, not root" {
	local id

	up
	for id in "${NO_IDS[@]}"; do
		# The others know "no user at all", and Go's numbers.
		is_tare || [[ $id != "" && $id != +1 && $id != -0 && $id != :1 && $id != 1:2:3 ]] || continue
		is_no_user "$id"
	done
	is_tare || return 0
	for id in x -1 4294967295 1x "" 4294967296; do
		try exec --additional-gids "$id" "$ID" sh -c "$WHO"
		[ "$status" -ne 0 ] || fail "additional gid '$id'"
	done
}

@test "containerd CVE-2026-46680: a number out of range is not a name either" {
	local id

	for id in 99999999999 4294967296 4294967295 -1 100000000000000000000; do
		echo "$id:x:0:0:root:/root:/bin/sh" >>rootfs/etc/passwd
		echo "$id:x:0:" >>rootfs/etc/group
	done
	up
	for id in 99999999999 4294967296 4294967295 -1 100000000000000000000 99999999999:99999999999 1:99999999999; do
		is_no_user "$id"
	done
}

@test "containerd CVE-2026-46680: nor in config.json" {
	local id

	echo "99999999999:x:0:0:root:/root:/bin/sh" >>rootfs/etc/passwd
	script "$WHO"
	for id in 99999999999 4294967295 4294967296 -1 '"99999999999"' '"0"' 18446744073709551616; do
		# crun takes some.
		is_tare || [ "$id" = 99999999999 ] || continue
		config ".process.user = {uid: $id, gid: 0}"
		cannot ""
		config ".process.user = {uid: 1, gid: $id}"
		cannot ""
		config ".process.user = {uid: 1, gid: 1, additionalGids: [$id]}"
		cannot ""
	done
}

# --- CVE-2022-29162, CVE-2022-27650, CVE-2025-27612: inheritable capabilities ----------------

no_inheritable() { # the output is /proc/self/status
	is "$(grep -E '^(CapInh|CapAmb):' <<<"$output" | tr -s '\t ' ' ' | sort | tr '\n' ' ')" \
		"CapAmb: 0000000000000000 CapInh: 0000000000000000 "
}
effective() { echo $((16#$(sed -n 's/^CapEff:[[:space:]]*//p' <<<"$output"))); }

@test "CVE-2022-29162: exec --cap adds nothing that is inherited" {
	with_caps
	up
	ok exec "$ID" cat /proc/self/status
	no_inheritable
	is $(($(effective) >> 12 & 1)) 0
	ok exec --cap CAP_NET_ADMIN "$ID" cat /proc/self/status
	no_inheritable
	is $(($(effective) >> 12 & 1)) 1
	ok exec --cap CAP_NET_ADMIN -u 1000:1000 "$ID" cat /proc/self/status
	is "$(grep '^CapInh' <<<"$output" | tr -s '\t ' ' ')" "CapInh: 0000000000000000"
}

@test "CVE-2022-27650: nothing inheritable comes from the caller" {
	local some=+chown,+net_admin,+sys_admin,+sys_ptrace

	with_caps
	script 'cat /proc/self/status'
	try_command setpriv --inh-caps $some tare run "$ID"
	is "$status" 0
	no_inheritable
	up
	try_command setpriv --inh-caps $some tare exec "$ID" cat /proc/self/status
	is "$status" 0
	no_inheritable
	try_command setpriv --inh-caps $some --ambient-caps $some tare exec -u 1000 "$ID" cat /proc/self/status
	is "$status" 0
	no_inheritable
	is "$(effective)" 0
}

@test "CVE-2025-27612: exec -p FILE has what the file says" {
	with_caps
	up
	jq "$ENGINE_CAPS as \$c | .process | .args = [\"cat\", \"/proc/self/status\"] | .terminal = false
		| .capabilities = {bounding: \$c, effective: \$c, permitted: \$c}" config.json >process.json
	ok exec --process process.json "$ID"
	no_inheritable
}

@test "CVE-2022-29162: the template of spec has nothing inheritable" {
	mkdir spec
	cd spec
	try_command "$RUNTIME" spec
	is "$status" 0
	is "$(jq -c '[.process.capabilities | .inheritable, .ambient] | map(. // [])' config.json)" "[[],[]]"
	cd ..
}

# --- exec --cgroup: out of the container's cgroup ---------------------------------------------

@test "exec --cgroup leads nowhere but below the container's cgroup" {
	local name

	up
	for name in .. ../.. ../harness /.. a/../.. a/../../.. ./.. ..// pids:.. pids:../..; do
		try exec --cgroup "$name" "$ID" cat /proc/self/cgroup
		clean_end
		[ "$status" -ne 0 ] || fail "--cgroup $name" "$output"
	done
}

# --- files of the image that are not what they seem --------------------------------------------

# hostile FILE COMMAND...: in run and exec, with the image's FILE made by COMMAND, nothing
# hangs and nothing of the host is read
hostile() {
	local file=$1

	shift
	rm -rf "rootfs/$file"
	"$@"
	script 'echo "HOME=$HOME"' '.process.env |= map(select(startswith("HOME=") | not)) | .process.user = {uid: 1000, gid: 1000}'
	note "$*"
	LIMIT=4 try run "$ID"
	clean_end
	lacks "$output$stderr" outside
	config '.process.args = ["sleep", "1000"]'
	try run -d "$ID2"
	if [ "$status" -eq 0 ]; then
		LIMIT=4 try exec "$ID2" sh -c 'echo "HOME=$HOME"'
		clean_end
		lacks "$output$stderr" outside
		LIMIT=4 try exec -u 1000:1000 "$ID2" true
		clean_end
		ok delete --force "$ID2"
	fi
}

make_link() { ln -s "$1" "$2"; }
make_garbage() { head -c 300000 /dev/urandom >"$1"; }
make_long_line() { head -c 1000000 /dev/zero | tr '\0' x >"$1"; }
make_many() { awk 'BEGIN { for (i = 0; i < 60000; i++) print "u" i ":x:" i + 2000 ":1:::/"; print "user:x:1000:1000::/late:" }' >"$1"; }
make_huge() { truncate -s 100G "$1"; }

@test "/etc/passwd and /etc/group of the image as fifo, device, directory, link" {
	local file

	outside passwd
	echo "user:x:1000:1000:outside:/outside:/bin/sh" >"$OUT/mark"
	for file in etc/passwd etc/group; do
		hostile $file mkfifo "rootfs/$file"
		hostile $file mknod -m 666 "rootfs/$file" c 1 5
		hostile $file mkdir "rootfs/$file"
		hostile $file make_link /dev/zero "rootfs/$file"
		hostile $file make_link "$OUT/mark" "rootfs/$file"
		hostile $file make_link "../../../../../../../../..$OUT/mark" "rootfs/$file"
		hostile $file make_link "/proc/1/root$OUT/mark" "rootfs/$file"
		hostile $file make_link "/proc/kmsg" "rootfs/$file"
		hostile $file make_link passwd "rootfs/$file"
	done
}

@test "/etc/passwd and /etc/group of the image huge, garbage, one endless line" {
	local file

	for file in etc/passwd etc/group; do
		hostile $file make_garbage "rootfs/$file"
		hostile $file make_long_line "rootfs/$file"
		hostile $file make_many "rootfs/$file"
		hostile $file make_huge "rootfs/$file"
	done
}

@test "/etc of the image as fifo, and as link to the host's" {
	outside passwd group
	echo "user:x:1000:1000:outside:/outside:/bin/sh" >"$OUT/passwd"
	hostile etc mkfifo rootfs/etc
	hostile etc make_link "$OUT" rootfs/etc
	hostile etc make_link "/proc/self/root$OUT" rootfs/etc
	hostile etc make_link "../../../../../../../../..$OUT" rootfs/etc
}

# strange_program NAME: run and exec of it end, with an error and not with a crash
strange_program() {
	note "$1"
	config --arg program "$1" '.process.args = [$program]'
	LIMIT=4 try run "$ID"
	[ "$status" -ne 137 ] || fail "it hangs"
	isnt "$status" 0
	isnt "$stderr" ""
	LIMIT=4 try exec "$ID2" "$1"
	[ "$status" -ne 137 ] || fail "exec hangs"
	isnt "$status" 0
	isnt "$stderr" ""
}

elf() { # MACHINE PHOFF PHENTSIZE PHNUM, each as hexadecimal bytes: a header of 64 bytes
	printf '%b' '\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00'"$1"'\x01\x00\x00\x00' \
		'\x00\x00\x00\x00\x00\x00\x00\x00'"$2"'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40\x00' \
		"$3$4"'\x00\x00\x00\x00\x00\x00'
}

@test "a program of the image that is a fifo, a device, a link to the host, half an ELF file" {
	local none='\x00\x00\x00\x00\x00\x00\x00\x00'

	outside
	script 'sleep 1000'
	ok run -d "$ID2"
	cd rootfs/bin
	mkfifo fifo
	mknod zero c 1 5
	mknod block b 7 250
	ln -s "$OUT/mark" out
	ln -s loop loop
	ln -s /proc/kmsg kmsg
	: >empty
	echo '#!' >shebang
	echo '#!/bin/fifo' >shebang-fifo
	echo '#!/bin/self' >self
	{ printf '#!/'; head -c 100000 /dev/zero | tr '\0' a; } >shebang-long
	printf '#!/bin/no\0such\n' >shebang-nul
	elf '\x3e\x00' '\x40\x00\x00\x00\x00\x00\x00\x00' '\x38\x00' '\xff\xff' >elf-many
	elf '\x3e\x00' '\xff\xff\xff\xff\xff\xff\xff\xff' '\x38\x00' '\x01\x00' >elf-far
	elf '\x3e\x00' '\x40\x00\x00\x00\x00\x00\x00\x00' '\x00\x00' '\x01\x00' >elf-none
	elf '\xff\xff' "$none" '\x38\x00' '\x00\x00' >elf-machine
	printf '\x7fELF' >elf-short
	{
		elf '\x3e\x00' '\x40\x00\x00\x00\x00\x00\x00\x00' '\x38\x00' '\x01\x00'
		# PT_INTERP whose name is far outside of the file, and endless.
		printf '\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\x7f'
		printf "$none$none"
		printf '\xff\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00\x00\x00\x00\x00\x00'
	} >elf-interpreter
	chmod 755 fifo zero block empty shebang* self elf-*
	cd "$BUNDLE"
	for name in fifo zero block out loop kmsg shebang-fifo self shebang-long shebang-nul elf-many elf-far elf-none elf-machine \
		elf-short elf-interpreter; do
		strange_program "/bin/$name"
		strange_program "$name"
	done
	untouched
}

@test "exec in a container that kills whatever comes in ends at once" {
	local i

	with_caps
	script '(while :; do kill -9 -1 2>/dev/null; done) & sleep 1000'
	ok run -d "$ID"
	for i in {1..20}; do
		LIMIT=8 try exec "$ID" true
		# Our own time limit would be 124.
		[ "$status" -eq 0 ] || [ "$status" -eq 137 ] || isnt "$stderr" ""
	done
	is "$(state_of "$ID")" running
}
