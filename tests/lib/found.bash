# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# found.bash - what of a container can be found on the host.

is_zombie() { grep -qs '^State:.[ZX]' "/proc/$1/status" || [ ! -e "/proc/$1" ]; }

# processes_of TEXT...: processes that show TEXT in their command line, environment or
# cgroup, or whose root file system lies there; not those we are running in. What else is
# in mountinfo does not count: a mount of the host is in that of everybody. No pipes: they
# would find themselves.
processes_of() {
	local file p last="" up=$BASHPID found self=" 1 " rest text
	local -a patterns=("${@/#/-e}") roots=()

	while [ "${up:-0}" -gt 1 ]; do
		self+="$up "
		rest=$(<"/proc/$up/stat")
		read -r _ up _ <<<"${rest##*) }"
	done
	# ID PARENT DEVICE ROOT MOUNT-POINT; ROOT begins at the file system, not at our /.
	for text; do
		[[ $text == */bats-run-* ]] || continue
		roots+=(-e "^[0-9]* [0-9]* [0-9:]* [^ ]*/bats-run-${text#*/bats-run-}[^ ]* / ")
	done
	found=$(grep -lsF "${patterns[@]}" /proc/[0-9]*/{cmdline,environ,cgroup}
		[ ${#roots[@]} -eq 0 ] || grep -ls "${roots[@]}" /proc/[0-9]*/mountinfo)
	for file in $found; do
		p=${file#/proc/} p=${p%/*}
		[[ $self$last != *" $p "* ]] || continue
		is_zombie "$p" && continue
		last+=" $p "
		echo "$p"
	done
}

# mounts_since FILE TEXT...: mount points that are not in FILE, a former mountinfo, of
# mounts that show TEXT. Others may be at work on this machine.
mounts_since() {
	local file=$1

	shift
	# shellcheck disable=SC2016
	grep -F "${@/#/-e}" /proc/self/mountinfo |
		awk 'NR == FNR { old[$5 " " $4]++; next } !(($5 " " $4) in old) { print $5 }' "$file" -
}

# cgroups_of PREFIX: the cgroup directories whose names begin with PREFIX
cgroups_of() {
	local d

	for d in /sys/fs/cgroup{,/*}{,/*,/*/*}/"$1"*/; do
		[ ! -d "$d" ] || echo "${d%/}"
	done | sort -u
}
