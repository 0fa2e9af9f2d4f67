# SPDX-License-Identifier: Apache-2.0
# usage.bats - help, version, completion, and command lines that are wrong. No container.
load ../lib

setup() {
	B=$BATS_TEST_TMPDIR ROOT=$B/root VIEW=
	cd "$B" || return
}
teardown() { :; }

commands="create start run exec kill delete state list ps pause resume spec features help"

@test "bare tare, tare help and tare --help print the same and succeed" {
	try_command "$RUNTIME"
	is "$status" 0
	bare=$output
	has "$bare" "Usage: tare [global options] <command>"
	for c in $commands; do has "$bare" "  $c "; done
	ok help
	is "$output" "$bare"
	ok --help
	is "$output" "$bare"
	ok -h
	is "$output" "$bare"
}

@test "every command has --help, which succeeds without privilege and says nothing on stderr" {
	for c in $commands; do
		try_command setpriv --reuid 65534 --regid 65534 --clear-groups "$RUNTIME" "$c" --help
		is "$status" 0
		is "$stderr" ""
		has "$output" "Usage: tare [global options] $c [options]"
		has "$output" "-h, --help"
		help=$output
		ok help "$c"
		is "$output" "$help"
		ok "$c" -h
		is "$output" "$help"
	done
}

@test "--help wins over missing and unknown arguments" {
	ok create --help --nonsense
	ok kill a b c --help
	fails 1 "unknown option '--nonsense'" create --nonsense --help
}

@test "checkpoint and restore are no commands yet: the probe of engines must fail" {
	fails 1 "unknown command 'checkpoint'" checkpoint --help
	fails 1 "unknown command 'restore'" restore --help
}

@test "--version has the lines engines read" {
	for flag in --version -v -V; do
		ok "$flag"
		is "$stderr" ""
		matches "$output" $'^tare version [0-9]+\\.[0-9]+\\.[0-9]+\ncommit: [^ ]+\nspec: 1\\.3\\.0\n[+-]SECCOMP '
		is "$(wc -l <"$B/stdout")" 4
	done
}

@test "an unknown command is named with the nearest" {
	fails 1 "tare: unknown command 'krill'"$'\n'"hint: did you mean 'kill'?" krill
	fails 1 "tare: unknown command 'frobnicate'"$'\n'"hint: 'tare --help' lists" frobnicate
	fails 1 "unknown command 'nosuch'" help nosuch
	is "$output" ""
}

@test "an unknown option is named with the nearest" {
	fails 1 "tare: unknown option '--bundel'"$'\n'"hint: did you mean '--bundle'?" create --bundel=x c
	fails 1 "unknown option '--rot'" --rot x list
	fails 1 "hint: '--root' is for all commands" list --root x
}

@test "a missing value is said in the words engines look for" {
	fails 1 "flag needs an argument: --bundle" create c --bundle
	fails 1 "flag needs an argument: --format" list -f
	fails 1 "flag needs an argument: --log-format" --log-format
}

@test "too few and too many arguments say how the command is used" {
	fails 1 "hint: usage: tare create [options] <container>" create
	fails 1 "hint: usage: tare kill [options] <container> [<signal>]" kill a TERM x
	fails 1 "'list' does not take the argument 'x'" list x
	fails 1 "hint: usage: tare exec [options] <container> [<program>...]" exec
}

@test "values of global options are checked" {
	fails 1 "option '--log-format' does not know 'xml'"$'\n'"hint: it takes one of: text, json" \
		--log-format xml list
	fails 1 "option '--log-level' does not know 'loud'" --log-level loud list
	fails 1 "option '--cgroup-manager' does not know 'cgroups'" --cgroup-manager cgroups list
	fails 1 "option '--rootless' does not know 'maybe'" --rootless=maybe list
	mkdir "$ROOT"
	ok --log-format json --log-level=error -cgroup-manager disabled --rootless=auto list
	ok --rootless=false --systemd-cgroup=true --debug=false list
}

@test "--criu is ignored, and that is said" {
	mkdir "$ROOT"
	ok --criu /usr/sbin/criu list -q
	is "$output" ""
	has "$stderr" "tare: warning: --criu is ignored"
}

@test "cgroups by systemd are refused where one would be made" {
	fails 1 "cgroups by systemd are not supported yet" --systemd-cgroup create c
	fails 1 "cgroups by systemd are not supported yet" --cgroup-manager systemd run c
	fails 1 "cgroups by systemd are not supported yet" --systemd-cgroup=true run c
	fails 1 "config.json" --systemd-cgroup=false create c
}

@test "wrong values of command options are usage errors" {
	fails 1 "option '--preserve-fds' is a number, not 'x'" create --preserve-fds x c
	fails 1 "option '--format' is table or json, not 'xml'" list -f xml
	fails 1 "option '--format' is table or json, not 'xml'" ps -f xml c
	fails 1 "unknown signal \"FOO\"" kill c FOO
	fails 1 "ps argument '-l' is not known" ps c -l
	fails 255 "'FOO' is not NAME=VALUE" exec -e FOO c true
	fails 255 "there is no program to run" exec c
}

@test "commands about a container that does not exist say so" {
	mkdir "$ROOT"
	for c in start state kill pause resume ps delete; do
		fails 1 "container does not exist" "$c" nosuch
		has "$stderr" "hint: 'tare list' shows which there are"
	done
	fails 255 "container does not exist" exec nosuch true
	ok delete --force nosuch
	is "$output$stderr" ""
}

@test "no environment, no standard descriptors, no argv[0]" {
	try_command env -i "$RUNTIME" --version
	is "$status" 0
	try_command sh -c '"$RUNTIME" --root /nonexistent list 0<&- 1>&- 2>&-'
	is "$status" 1
	try_command bash -c 'exec -c -a "" "$RUNTIME"'
	is "$status" 0
	has "$output" "Usage: tare"
}

@test "output that cannot be written is an error" {
	status=0
	tare --version >/dev/full 2>"$B/err" || status=$?
	is "$status" 1
	has "$(cat "$B/err")" "write 'standard output': ENOSPC"
}

@test "completion: the files are what the tables say" {
	for c in bash:tare.bash zsh:_tare fish:tare.fish; do
		ok completion "${c%:*}"
		cmp "$B/stdout" "$TOP/completions/${c#*:}" || fail "run: build/tare completion ${c%:*} >completions/${c#*:}"
	done
	fails 1 "there is no completion for 'tcsh'" completion tcsh
}

complete_line() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_tare
}

@test "completion: bash completes commands, options, values and containers" {
	mkdir -p "$B/bin"
	printf '#!/bin/sh\n[ "$1 $2 $3 $4" = "--root /x list -q" ] && echo web && echo db\n' >"$B/bin/tare"
	chmod +x "$B/bin/tare"
	PATH=$B/bin:$PATH
	. "$TOP/completions/tare.bash"
	complete_line tare cre
	is "${COMPREPLY[*]}" "create"
	complete_line tare create --bun
	is "${COMPREPLY[*]}" "--bundle"
	complete_line tare --log-format j
	is "${COMPREPLY[*]}" "json"
	complete_line tare --root /x kill ""
	is "${COMPREPLY[*]}" "web db"
	complete_line tare help pa
	is "${COMPREPLY[*]}" "pause"
}
