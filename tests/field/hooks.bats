# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /hooks: prestart, createRuntime, createContainer, startContainer, poststart, poststop

load ../lib

KINDS='prestart createRuntime createContainer startContainer poststart poststop'

# hook KIND SCRIPT [JQ]: add one that runs SCRIPT by sh; $SAID is where it can write. JQ
# adds members to it.
hook() {
	local shell=/bin/sh

	config --arg s "$2" --arg sh "$shell" --arg kind "$1" \
		".hooks[\$kind] += [{path: \$sh, args: [\"sh\", \"-c\", \$s]} + ${3-{\}}]"
}

# A directory that hooks of both sides reach by the same path: startContainer's are
# programs of the container.
shared_directory() {
	SAID=$B/said
	mkdir -p "$SAID"
	chmod 777 "$SAID"
	config --arg d "$SAID" '.mounts += [{destination: $d, type: "bind", source: $d, options: ["bind", "rw"]}]'
}

@test "order: each at its time, those of a kind in their order" {
	shared_directory
	for kind in $KINDS; do
		hook $kind "echo $kind 1 >>$SAID/log"
		hook $kind "echo $kind 2 >>$SAID/log"
	done
	script "echo program >>$SAID/log; sleep 1000"
	ok create "$ID"
	is "$(cat "$SAID/log")" "prestart 1
prestart 2
createRuntime 1
createRuntime 2
createContainer 1
createContainer 2"
	: >"$SAID/log"
	ok start "$ID"
	until_true 5 grep -q program "$SAID/log"
	is "$(head -n 2 "$SAID/log")" $'startContainer 1\nstartContainer 2'
	is "$(grep poststart "$SAID/log")" $'poststart 1\npoststart 2'
	: >"$SAID/log"
	ok kill "$ID" KILL
	wait_status "$ID" stopped
	is "$(cat "$SAID/log")" ""
	ok delete "$ID"
	is "$(cat "$SAID/log")" $'poststop 1\npoststop 2'
}

@test "the state on standard input" {
	local kind want pid

	shared_directory
	for kind in $KINDS; do
		hook $kind "cat >$SAID/$kind"
	done
	script 'sleep 1000' '.annotations = {key: "value"}'
	ok create "$ID"
	pid=$(pid_of "$ID")
	ok start "$ID"
	ok delete --force "$ID"
	for kind in $KINDS; do
		case $kind in
		poststart) want=running ;;
		poststop) want=stopped ;;
		startContainer) want=created ;;
		*) want=creating ;;
		esac
		! is_tare || is "$kind $(jq -r .status "$SAID/$kind")" "$kind $want"
		is "$(jq -r .id "$SAID/$kind")" "$ID"
		is "$(jq -r .bundle "$SAID/$kind")" "$BUNDLE"
		is "$(jq -r .annotations.key "$SAID/$kind")" value
		matches "$(jq -r .ociVersion "$SAID/$kind")" '^1\.'
	done
	# The pid is as the hook's namespace sees it.
	for kind in prestart createRuntime poststart; do
		is "$kind $(jq -r .pid "$SAID/$kind")" "$kind $pid"
	done
	for kind in createContainer startContainer; do
		is "$kind $(jq -r .pid "$SAID/$kind")" "$kind 1"
	done
	# As compact as any parser of hooks wants it: one line, slashes as they are.
	lacks "$(cat "$SAID/prestart")" '\/'
}

@test "namespaces: the runtime's or the container's" {
	local kind

	shared_directory
	for kind in $KINDS; do
		hook $kind "for n in net mnt; do readlink /proc/self/ns/\$n; done >$SAID/$kind"
	done
	up
	pid=$(pid_of "$ID")
	readlink "/proc/$pid/ns/net" "/proc/$pid/ns/mnt" >"$B/container"
	readlink /proc/self/ns/net /proc/self/ns/mnt >"$B/host"
	ok delete --force "$ID"
	for kind in prestart createRuntime poststart poststop; do
		cmp "$SAID/$kind" "$B/host"
	done
	for kind in createContainer startContainer; do
		cmp "$SAID/$kind" "$B/container"
	done
}

@test "createContainer: its path is the runtime's, its mounts the container's before the pivot" {
	shared_directory
	hook createContainer "grep -q ' $BUNDLE/rootfs/proc ' /proc/self/mountinfo && echo before >$SAID/log
		mount -t tmpfs hooked $BUNDLE/rootfs/mnt && echo mounted >>$SAID/log"
	program grep -c hooked /proc/self/mountinfo
	ok run "$ID"
	is "$output" 1
	is "$(cat "$SAID/log")" $'before\nmounted'
}

@test "prestart and createRuntime find the mounts made" {
	shared_directory
	hook createRuntime "nsenter -t \$(sed 's/.*\"pid\": *\([0-9]*\).*/\1/') -m true && echo entered >$SAID/log"
	inside true
	is "$(cat "$SAID/log")" entered
}

@test "startContainer: a program of the container, confined as it" {
	shared_directory
	mkdir rootfs/opt
	printf '#!/bin/sh\necho in >%s/log; grep ^Seccomp: /proc/self/status | cut -f2 >>%s/log\n' "$SAID" "$SAID" >rootfs/opt/hook
	chmod 755 rootfs/opt/hook
	config '.hooks.startContainer = [{path: "/opt/hook"}]
		| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}]}'
	inside true
	! is_tare || is "$(cat "$SAID/log")" $'in\n2'
}

@test "arguments and environment are those of the config, and no more" {
	shared_directory
	is_tare || skip "the caller's environment leaks"
	hook prestart "env | sort >$SAID/none"
	hook prestart "env | sort >$SAID/two" '{env: ["A=1", "B=2 3"]}'
	config --arg f "$SAID/args" '.hooks.prestart += [{path: "/bin/sh", args: ["zero", "-c", "echo $0 $1 >\($f)", "one", "two words"]}]'
	FROM_CALLER=leak inside true
	is "$(grep -vE '^(PWD|SHLVL|_|OLDPWD)=' "$SAID/none" | cut -d= -f1)" PATH
	is "$(grep -vE '^(PWD|SHLVL|_|OLDPWD|PATH)=' "$SAID/two")" $'A=1\nB=2 3'
	is "$(cat "$SAID/args")" "one two words"
}

@test "the descriptors of a hook are the three" {
	shared_directory
	put tools/probe
	cp "$PROGRAMS/tools/probe" "$B/probe"
	hook createRuntime "exec $B/probe fds >$SAID/fds"
	inside true
	is "$(cut -d' ' -f1 "$SAID/fds" | sort -n | tr '\n' ' ')" "0 1 2 "
}

# A failing hook of KIND: create or start fails, with its error output quoted
failing() {
	shared_directory
	hook poststop "echo poststop >>$SAID/log"
	hook "$1" 'echo what went wrong >&2; exit 3'
	hook "$1" "echo second >>$SAID/log"
	script 'sleep 1000'
}

for_create() {
	failing "$1"
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
	# With the rest of the kind not run; what was made is taken down again.
	! is_tare || {
		has "$stderr" "/hooks/$1/0"
		has "$stderr" "what went wrong"
		matches "$stderr" "(status|code|exit).* 3|3"
		is "$(cat "$SAID/log")" poststop
	}
}
@test "a prestart hook fails" { for_create prestart; }
@test "a createRuntime hook fails" { for_create createRuntime; }
@test "a createContainer hook fails" { for_create createContainer; }

for_start() {
	failing "$1"
	ok create "$ID"
	try start "$ID"
	isnt "$status" 0
	! is_tare || {
		has "$stderr" "/hooks/$1/0"
		has "$stderr" "what went wrong"
		no_trace "$ID"
		is "$(cat "$SAID/log")" poststop
	}
}
@test "a startContainer hook fails: start does, and the container goes" { for_start startContainer; }
@test "a poststart hook fails: start does, and the container goes" {
	is_tare || skip "as 1.3 of the specification has it"
	for_start poststart
}

@test "a poststop hook fails: a warning, and the next runs" {
	failing poststop
	config '.hooks.poststop |= .[1:]'
	ok create "$ID"
	ok delete --force "$ID"
	! is_tare || {
		has "$stderr" "what went wrong"
		is "$(cat "$SAID/log")" second
	}
}

@test "poststart runs when the user's program has started" {
	is_tare || skip "as 1.3 of the specification has it"
	shared_directory
	hook poststart "cat /proc/\$(sed 's/.*\"pid\": *\([0-9]*\).*/\1/')/comm >$SAID/comm"
	up
	matches "$(cat "$SAID/comm")" '^(sh|sleep)$'
}

@test "a program that is not there, no path, a relative path" {
	config '.hooks.prestart = [{path: "/nosuch/hook"}]'
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || has "$stderr" /hooks/prestart/0
	refused "/hooks/prestart/0(/path)?" path '.hooks.prestart = [{args: ["x"]}]'
	is_tare || return 0
	refused "/hooks/prestart/0/path" "" '.hooks.prestart = [{path: "bin/true"}]'
}

@test "killed by a signal" {
	hook prestart 'kill -SEGV $$'
	try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || has "$stderr" /hooks/prestart/0
}

@test "timeout: the hook and its children are killed" {
	shared_directory
	hook prestart "sleep 1000 & echo \$! >$SAID/child; sleep 1000" '{timeout: 1}'
	LIMIT=8 try create "$ID"
	isnt "$status" 0
	no_trace "$ID"
	! is_tare || {
		has "$stderr" /hooks/prestart/0
		has "$stderr" "1 s"
		wait_gone "$(cat "$SAID/child")"
	}
	[ ! -e "/proc/$(cat "$SAID/child")" ] || kill -KILL "$(cat "$SAID/child")"
}

@test "a hook that never ends, without a timeout: a signal ends the wait" {
	shared_directory
	hook prestart "echo \$\$ >$SAID/pid; exec sleep 1000"
	script true
	tare create "$ID" </dev/null >"$B/log" 2>&1 3>&- 4>&- &
	until_true 5 [ -s "$SAID/pid" ]
	kill -TERM $!
	wait $! || status=$?
	isnt "$status" 0
	ok delete --force "$ID"
	no_trace "$ID"
	kill -KILL "$(cat "$SAID/pid")" 2>/dev/null || :
}

@test "a hook that never reads its state" {
	hook prestart 'exec 0<&-; exit 0' # EPIPE is no failure
	config '.annotations = ([range(2000) | {"key\(.)": "a value that is rather long, to fill the pipe"}] | add)'
	inside 'echo runs'
	is "$output" runs
}

@test "a hook that prints a megabyte" {
	hook prestart 'yes 0123456789 | head -c 1048576; yes err | head -c 1048576 >&2'
	inside 'echo runs'
	has "$output" runs
}

@test "a failing hook that prints a megabyte: the end of it is quoted" {
	is_tare || skip "the others quote all, or nothing"
	hook prestart 'yes 0123456789 | head -c 1048576 >&2; echo the last word >&2; exit 1'
	try create "$ID"
	isnt "$status" 0
	has "$stderr" "the last word"
	[ "$(wc -c <"$B/stderr")" -lt 16384 ] || fail "it is all there"
	no_trace "$ID"
}

@test "a hook leaves a child with its descriptors: nobody waits for it" {
	hook prestart 'sleep 3 & exit 0'
	script 'echo runs'
	LIMIT=2 try run "$ID"
	is "$status" 0
	sleep 3
}

@test "wrong types" {
	refused "/hooks/prestart" "" '.hooks.prestart = {path: "/bin/true"}'
	refused "/hooks/prestart/0/timeout" "" '.hooks.prestart = [{path: "/bin/true", timeout: "1"}]'
	refused "/hooks/poststop/0/timeout" "" '.hooks = {poststop: [{path: "/bin/true", timeout: 0}]}'
	refused "/hooks" "" '.hooks = []'
}
