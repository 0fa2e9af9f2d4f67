# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# CVE-2019-14271: a helper that has entered the container loads code of its image, by way
# of libc: NSS modules, locales, character sets. From pivot_root or setns on a runtime
# opens nothing of the image but what it reads itself.

load ../lib
load attack

TERMINAL=()

setup() {
	tare_setup
	command -v strace >/dev/null || fail "strace is missing: make deps"
	# What libc would find attractive, and the program that must not be run.
	mkdir -p rootfs/lib/x86_64-linux-gnu rootfs/usr/lib/locale rootfs/usr/lib/gconv rootfs/usr/share/zoneinfo rootfs/usr/libexec/tare
	echo 'passwd: evil' >rootfs/etc/nsswitch.conf
	for file in lib/x86_64-linux-gnu/{libnss_files.so.2,libnss_evil.so.2,libc.so.6} etc/{ld.so.cache,ld.so.preload,localtime,locale.alias} \
		usr/lib/locale/locale-archive usr/lib/gconv/gconv-modules usr/libexec/tare/tare-systemd; do
		echo evil >"rootfs/$file"
	done
	chmod 755 rootfs/usr/libexec/tare/tare-systemd
	# A user, a group and a locale that have to be looked up.
	config '.process.user = {uid: 1000, gid: 1000, additionalGids: [1001]} | .process.args = ["/bin/true"]
		| .process.env = ["PATH=/bin", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8", "TZ=Europe/Berlin"]'
}

# traced STATUS|any COMMAND...: run it under strace with a locale, and keep what is opened or
# run once a process has entered, one SYSCALL PATH a line, in $entered. Opened with O_PATH
# is found, not read.
traced() {
	local want=$1

	shift
	rm -f "$B/trace"
	# A sanitizer cannot look for leaks while it is traced.
	try_command "${TERMINAL[@]}" env "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 TZ=Europe/Berlin \
		strace -f -qq -y -s 300 -o "$B/trace" \
		-e trace=open,openat,openat2,execve,execveat,pivot_root,setns,chroot,clone,clone3,fork,vfork "$@"
	[ "$want" = any ] || is "$status" "$want"
	entered=$(awk '
		{ pid = $1; line = $0; sub(/^[0-9]+ +/, "", line) }
		line ~ /^<\.\.\. / && pid in begun {
			sub(/^<\.\.\. [a-z0-9_]+ resumed>/, "", line)
			line = begun[pid] line
			delete begun[pid]
		}
		line ~ /<unfinished \.\.\.>$/ {
			sub(/ *<unfinished \.\.\.>$/, "", line)
			begun[pid] = line
			next
		}
		{ call = line; sub(/\(.*/, "", call) }
		call ~ /^(pivot_root|chroot)$/ && line ~ /= 0$/ { inside[pid] = 1; count++ }
		call == "setns" && line ~ /NEWNS/ && line ~ /= 0$/ { inside[pid] = 1; count++ }
		call ~ /^(clone|clone3|fork|vfork)$/ && inside[pid] && line ~ /= [0-9]+/ {
			child = line
			sub(/.*= /, "", child)
			inside[child + 0] = 1
		}
		!inside[pid] { next }
		call ~ /^exec/ && line ~ /= 0$/ { print call, line; inside[pid] = 0; next }
		call ~ /^open/ && line !~ /O_PATH/ && line !~ /= -1 / {
			path = line
			sub(/.*= [0-9]+</, "", path)
			sub(/>$/, "", path)
			print call, path
		}
		END { if (!count) print "nobody has entered" }' "$B/trace")
}

traced_tare() { # STATUS ARG...
	local want=$1

	shift
	traced "$want" "$RUNTIME" --root "$ROOT" "$@"
}

# strange: what is neither a device, procfs, nor one of the two files that a runtime reads
# itself; only_known N: there was no such thing, and N programs were run
strange() {
	grep -vE '^open[a-z0-9]* (/etc/(passwd|group)|/dev/(null|ptmx|pts/ptmx|pts/[0-9]+|tty|console|mqueue|shm)|/|(/proc)?/(self|thread-self|[0-9]+|sys)/.*|/sys/fs/cgroup.*|(/proc|/dev|/sys)/?)$' <<<"$entered" |
		grep -vE '^execve(at)? .*"(/bin/)?true"' || :
}
only_known() {
	is "$(strange)" ""
	is "$(grep -c '^execve' <<<"$entered")" "$1"
	lacks "$entered" evil
}

@test "CVE-2019-14271: run opens nothing of the image but passwd and group" {
	traced_tare 0 run "$ID"
	only_known 1
	has "$entered" /etc/passwd
}

@test "CVE-2019-14271: nor does it for a program by a short name, on a terminal" {
	config '.process.args = ["true"] | .process.terminal = true'
	TERMINAL=("$TESTS/lib/pty.py" --)
	traced_tare 0 run "$ID"
	only_known 1
}

@test "CVE-2019-14271: nor does exec" {
	script 'sleep 1000'
	ok run -d "$ID"
	traced_tare 0 exec "$ID" /bin/true
	only_known 1
	traced_tare 0 exec -u 1000:1000 "$ID" true
	only_known 1
	traced_tare 0 exec --cwd /home/user -e A=b "$ID" /bin/true
	only_known 1
}

@test "CVE-2019-14271: nor does it in a user namespace" {
	with_userns
	traced_tare 0 run "$ID"
	only_known 1
}

@test "CVE-2019-14271: nor when it fails, and says why" {
	local program

	# What is there instead is looked at, but by nobody's library.
	printf '#!/lib/nosuch\n' >rootfs/bin/script
	chmod 755 rootfs/bin/script
	for program in /nosuch nosuch /etc/passwd /home /bin/script; do
		config --arg program "$program" '.process.args = [$program]'
		traced_tare any run "$ID"
		clean_end
		isnt "$status" 0
		lacks "$entered" nsswitch
		! grep -E '/(lib|usr)/|nsswitch|localtime|ld\.so|^execve|nobody' <<<"$entered" || fail "$program"
	done
}

@test "the tracing works: a program that reads a file of the image is caught" {
	traced 0 python3 -c 'import os; os.chroot("rootfs"); open("/etc/nsswitch.conf").read()'
	has "$entered" /etc/nsswitch.conf
	isnt "$(strange)" ""
}
