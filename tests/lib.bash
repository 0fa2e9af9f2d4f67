# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# lib.bash - what the bats files share. A test has its own bundle with a busybox root
# file system, its own state root and ids that no other test has, and after it nothing
# may be left: teardown deletes what is in the state root and then fails the test for
# every process, cgroup, mount or state it still finds.
#
#   RUNTIME   the runtime under test, default build/tare; the command `tare` runs it with
#             the state root of the test
#   VIEW      v1, v2 or hybrid: `try` and its kin run in that view of /sys/fs/cgroup
#   ID ID2    container ids
#   B         directory of the test; $BUNDLE is $B/bundle, also the current directory
#
# A created container keeps the standard descriptors of its creator, and bats' `run`
# would wait for it: `try` uses files, and a time limit (LIMIT, seconds).

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$TESTS")
RUNTIME=${RUNTIME:-$TOP/build/tare}
RUNTIME=$(command -v "$RUNTIME" || echo "$RUNTIME")
PROGRAMS=${TARE_BUILD:-$TOP/build}/tests
. "$TESTS/lib/found.bash"
export RUNTIME ROOT TESTS
export PATH=$TESTS/lib/bin:$PATH LC_ALL=C.UTF-8

# --- the life of a test -------------------------------------------------------------

setup() { tare_setup; }
teardown() { tare_teardown; }

tare_setup() {
	[ "$EUID" -eq 0 ] || skip "needs root"
	# A part of the machine's name space: cgroups and processes are found by it. Other
	# pid namespaces have the same pids.
	PREFIX=t$$${BATS_RUN_TMPDIR##*-}-
	ID=${PREFIX}a ID2=${PREFIX}b
	B=$BATS_TEST_TMPDIR BUNDLE=$B/bundle ROOT=$B/root
	VIEW=
	export PREFIX ID ID2 B BUNDLE
	unset XDG_RUNTIME_DIR NOTIFY_SOCKET LISTEN_FDS LISTEN_PID
	cat /proc/self/mountinfo >"$B/mountinfo"
	make_bundle "$BUNDLE"
	cd "$BUNDLE" || return
	# Where tare puts it by itself.
	is_tare || config --arg path "/tare/$ID" '.linux.cgroupsPath = $path'
}

tare_teardown() {
	local rc=0

	[ -n "${B-}" ] || return 0
	cd / || return
	delete_all || rc=1
	"$TESTS/lib/leaks" || rc=1
	[ "$rc" -eq 0 ] || fail "something is left behind"
}

# The base of every config.json is what the runtime's own `spec` writes, but without a
# terminal. It is the same for all tests of a run.
base_config() {
	local base=$BATS_RUN_TMPDIR/config-${RUNTIME##*/}.json dir

	if [ ! -e "$base" ]; then
		dir=$(mktemp -d "$BATS_RUN_TMPDIR/spec.XXXXXX")
		(cd "$dir" && "$RUNTIME" spec 3>&- 4>&-) || return
		jq '.process.terminal = false | .root.readonly = false' "$dir/config.json" >"$dir/base" &&
			mv "$dir/base" "$base"
		rm -r "$dir"
	fi
	cat "$base"
}

# make_bundle DIR: a root file system and a config.json that runs `sh`
make_bundle() {
	mkdir -p "$1"
	[ -d "$TESTS/cache/busybox" ] || {
		mkdir -p "$TESTS/cache"
		"$TESTS/lib/rootfs" "$TESTS/cache/busybox"
	} || return
	cp -a "$TESTS/cache/busybox" "$1/rootfs"
	base_config >"$1/config.json"
}

# --- config.json --------------------------------------------------------------------

# config [JQ-OPTION...] FILTER: edit the config.json of the current directory
config() {
	jq "$@" config.json >config.json.new && mv config.json.new config.json
}

# program ARG...: what the container runs
program() {
	jq '.process.args = $ARGS.positional' config.json --args -- "$@" >config.json.new &&
		mv config.json.new config.json
}

# script TEXT [FILTER]: what the container's sh runs, and further changes
script() {
	config --arg script "$1" ".process.args = [\"sh\", \"-c\", \$script] | ${2:-.}"
}

# put PROGRAM: a program of the tests ("tools/probe") becomes /bin/NAME of the rootfs
put() {
	[ -x "$PROGRAMS/$1" ] || fail "not built: $PROGRAMS/$1 (make check does)"
	cp "$PROGRAMS/$1" "rootfs/bin/${1##*/}"
}

# without KIND...: the namespaces a config does not ask for
without() {
	local kind
	for kind; do
		config --arg kind "$kind" '.linux.namespaces |= map(select(.type != $kind))'
	done
}

# Mappings of a user namespace: container root is host id 100000.
USERNS='.linux.namespaces += [{type: "user"}]
	| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'

# with_userns: container root is host id 100000, and owns the rootfs
with_userns() {
	config "$USERNS"
	own_rootfs 100000
}

own_rootfs() {
	chown -R -h "$1:$1" rootfs
	# The way to the rootfs must be searchable for the mapped ids.
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$B" "$BUNDLE"
}

# --- running ------------------------------------------------------------------------

# try ARG...: run `tare ARG...`; sets $status, $output (stdout) and $stderr
try() { try_command tare "$@"; }

try_command() {
	local -a view=()

	[ -z "$VIEW" ] || view=("$TESTS/lib/view" "$VIEW")
	status=0
	timeout --foreground -k 5 "${LIMIT:-20}" "${view[@]}" "$@" \
		<"${STDIN:-/dev/null}" >"$B/stdout" 2>"$B/stderr" 3>&- 4>&- || status=$?
	output=$(tr -d '\0' <"$B/stdout")
	stderr=$(tr -d '\0' <"$B/stderr")
	[ "$status" -ne 124 ] || fail "still running after ${LIMIT:-20} s: $*" "$stderr"
}

# ok ARG...: `tare ARG...` must succeed
ok() {
	try "$@"
	[ "$status" -eq 0 ] || fail "exit status $status: tare $*" "$output" "$stderr"
}

# fails STATUS TEXT ARG...: `tare ARG...` must end with STATUS and TEXT on stderr
fails() {
	local want=$1 text=$2

	shift 2
	try "$@"
	[ "$status" -eq "$want" ] ||
		fail "exit status $status instead of $want: tare $*" "$output" "$stderr" || return
	[[ $stderr == *"$text"* ]] || fail "no '$text' in the message of: tare $*" "$stderr"
}

# up [FILTER]: a container that sleeps runs in the background
up() {
	script 'sleep 1000' "${1:-.}"
	ok run -d "$ID"
}

# inside TEXT [FILTER]: run a container whose sh runs TEXT; it must succeed
inside() {
	script "$@"
	ok run "$ID"
}

# cannot TEXT [FILTER]: create must fail with TEXT in its message, and leave nothing
cannot() {
	[ $# -lt 2 ] || config "$2"
	is_tare || set -- ""
	fails 1 "$1" create "$ID" || return
	no_trace "$ID"
}

# refused POINTER TEXT [FILTER]: create must fail and say so at POINTER (a regular
# expression; "" for the document) of config.json, with TEXT, and leave nothing
refused() {
	local aim="(create container '$ID'|read config\.json)" where='\(config\.json:[0-9]+:[0-9]+\)'

	[ $# -lt 3 ] || config "$3"
	try create "$ID"
	[ "$status" -ne 0 ] || fail "accepted, but $1 is wrong" || return
	no_trace "$ID" || return
	is_tare || return 0
	is "$status" 1 || return
	[[ ${stderr%%$'\n'*} =~ ^tare:\ $aim:\ ${1:+$1:\ }.*"$2".*$where$ ]] ||
		fail "not the message for $1: $2" "$stderr"
}

# not_yet POINTER [FILTER]: the field is known but not applied, and create says that
not_yet() {
	local aim="(create container '$ID'|read config\.json)" where='\(config\.json:[0-9]+:[0-9]+\)'

	[ $# -lt 2 ] || config "$2"
	try create "$ID"
	is "$status" 1 || return
	no_trace "$ID" || return
	[[ ${stderr%%$'\n'*} =~ ^tare:\ $aim:\ not\ supported\ yet:\ $1\ $where$ ]] ||
		fail "not the message for $1" "$stderr"
}

is_tare() { [[ ${RUNTIME##*/} == tare* ]]; }

# state_of ID: its status
state_of() { tare state "$1" | jq -r .status; }
pid_of() { tare state "$1" | jq -r .pid; }

# until_true SECONDS COMMAND...: repeat until it succeeds
until_true() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))

	shift
	until "$@"; do
		((${EPOCHREALTIME/./} < end)) || fail "never true: $*" || return
		sleep 0.02
	done
}
has_status() { [ "$(state_of "$1")" = "$2" ]; }
wait_status() { until_true 5 has_status "$1" "$2"; }
gone() { ! kill -0 "$1" 2>/dev/null || is_zombie "$1"; }
wait_gone() { until_true 5 gone "$1"; }

# --- cgroups ------------------------------------------------------------------------

has_v1() { grep -q ' cgroup .*\<'"$1"'\>' /proc/self/mounts; }
has_v2() { grep -q ' cgroup2 ' /proc/self/mounts; }
need_v1() { has_v1 "$1" || skip "no v1 $1 hierarchy"; }
need_v2() { has_v2 || skip "no cgroup2 mount"; }

# v1_dir CONTROLLER [ID]: the container's directory in that hierarchy
v1_dir() {
	local root
	root=$(awk -v c="$1" '$3 == "cgroup" && (","$4",") ~ (","c",") { print $2; exit }' \
		/proc/self/mounts)
	echo "$root/tare/${2:-$ID}"
}
v2_root() { awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts; }
v2_dir() { echo "$(v2_root)/tare/${1:-$ID}"; }

# --- what is left -------------------------------------------------------------------

delete_all() {
	local dir rc=0

	for dir in "$ROOT"/*/; do
		[ -d "$dir" ] || continue
		dir=${dir%/}
		tare_in_view delete --force "${dir##*/}" || rc=1
	done
	return "$rc"
}

tare_in_view() {
	local -a view=()

	[ -z "$VIEW" ] || view=("$TESTS/lib/view" "$VIEW")
	timeout --foreground -k 5 20 "${view[@]}" tare "$@" </dev/null 3>&- 4>&-
}

# no_trace ID: it must not exist, nor anything of it
no_trace() {
	local left

	[ ! -e "$ROOT/$1" ] || fail "state of $1 is left" "$(find "$ROOT/$1")" || return
	left=$(cgroups_of "$1")
	[ -z "$left" ] || fail "cgroups of $1 are left" "$left" || return
	left=$(processes_of "/$1")
	[ -z "$left" ] || fail "processes of $1 are left: $left" || return
	left=$(mounts_since "$B/mountinfo" "$B" "$PREFIX")
	[ -z "$left" ] || fail "mounts are left" "$left"
}

# --- saying what is wrong -----------------------------------------------------------

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# is GOT WANT
is() { [ "$1" = "$2" ] || fail "got:  '$1'" "want: '$2'"; }
isnt() { [ "$1" != "$2" ] || fail "got '$1'"; }
has() { [[ $1 == *"$2"* ]] || fail "no '$2' in:" "$1"; }
lacks() { [[ $1 != *"$2"* ]] || fail "'$2' is in:" "$1"; }
matches() { [[ $1 =~ $2 ]] || fail "no match of '$2' in:" "$1"; }
