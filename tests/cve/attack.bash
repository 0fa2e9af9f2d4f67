# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# attack.bash - what the tests of known vulnerabilities share. The attackers are the
# programs beside it; each that races has a test which shows that it wins where nothing
# protects.

# --- the host outside the bundle -----------------------------------------------------

# outside [FILE...]: OUT, a directory of the host with the file `mark` and others. It is
# not to be changed, whatever comes: `untouched` after the attack.
outside() {
	local file

	OUT=$B/out
	mkdir "$OUT"
	chmod 0755 "$OUT"
	for file in mark "$@"; do
		echo "outside $ID" >"$OUT/$file"
	done
	BEFORE=$(look "$OUT")
}

look() { find "$1" -printf '%P %y %m %U:%G %s %T@ %C@ %l\n' | sort && cat "$1/mark"; }
untouched() {
	local now

	now=$(look "$OUT")
	[ "$now" = "$BEFORE" ] || fail "the host was changed" "$(diff <(echo "$BEFORE") <(echo "$now"))"
}

# note TEXT: what is tried next, shown when the test fails. (A check before `||` would go
# on behind its first failure.)
note() { echo "--- $*" >&2; }

# clean_end: an operation may be refused, but by no signal and by no crash
clean_end() {
	[ "$status" -le 128 ] || [ "$status" -gt 192 ] ||
		fail "ended by signal $((status - 128))" "$stderr"
	[ "$status" -eq 0 ] || [ -n "$stderr" ] || fail "status $status without a word"
}

# refused_or TEXT: the last `try` was refused, or its program has written TEXT
refused_or() {
	clean_end
	[ "$status" -ne 0 ] || is "$output" "$1"
}

# --- swaps and races -------------------------------------------------------------------

# background FILE COMMAND...: run it with its output in FILE, wait for its first line;
# sets JOB
background() {
	local out=$1

	shift
	: >"$out"
	"$@" </dev/null >"$out" 2>&1 3>&- 4>&- &
	JOB=$!
	until_true 10 test -s "$out" || fail "$*" "$(cat "$out")"
	is "$(head -n 1 "$out")" begun
}

# swapping A B [MICROSECONDS]: from now on the two names change places, thousands of times
# a second, or at most so long after each other
swapping() {
	background "$B/swaps" "$PROGRAMS/cve/swap" "$1" "$2" 60 "${3:-100}"
	SWAP=$JOB
}

# swapped [TIMES]: it went on until now, so often at least
swapped() {
	local times

	kill -TERM "$SWAP"
	wait "$SWAP" || fail "$(cat "$B/swaps")"
	times=$(tail -n 1 "$B/swaps")
	[ "$times" -ge "${1:-300}" ] || fail "only $times swaps"
}

# race N CHECK...: run the container N times. A run may be refused; after one that was
# not CHECK must hold, with its output in $output, and never may OUT change. Some must get
# through, or nothing was raced: up to twice as many runs. LEAST=0: where it may be that
# none does.
race() {
	local n=$1 i
	shift

	STARTED=0
	for ((i = 0; i < n || (i < 2 * n && STARTED < ${LEAST:-1}); i++)); do
		TURN=$i
		! declare -F before_turn >/dev/null || before_turn
		try run "$ID"
		clean_end
		untouched
		[ "$status" -eq 0 ] || continue
		((STARTED += 1))
		"$@"
	done
	no_trace "$ID"
	[ "$STARTED" -ge "${LEAST:-1}" ] || fail "no run of $n got through" "$stderr"
}

# --- attackers in a container -----------------------------------------------------------

# attacked ATTACKER ARG...: in container ID, which is up, the attacker has begun
attacked() {
	background "$B/attacker" tare exec "$ID" "$@"
	ATTACKER=$JOB
}

# attack_over: the attacker's last line
attack_over() {
	: >"$BUNDLE/rootfs/end"
	until_true 15 gone "$ATTACKER"
	wait "$ATTACKER" || fail "$(cat "$B/attacker")"
	FOUND=$(tail -n 1 "$B/attacker")
}

# value NAME: of NAME=NUMBER in the attacker's last line
value() { sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" <<<"$FOUND"; }

# The capabilities that engines give by default, which `spec` does not.
ENGINE_CAPS='["CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID",
	"CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT"]'

# with_caps [CAP...]: those and CAP, bounding, effective and permitted
with_caps() {
	config --arg more "$*" "($ENGINE_CAPS + (\$more | split(\" \"))) as \$caps
		| .process.capabilities = {bounding: \$caps, effective: \$caps, permitted: \$caps}"
}
