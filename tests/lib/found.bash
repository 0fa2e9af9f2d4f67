# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# found.bash - what of a container can be found on the host.

is_zombie() { grep -qs '^State:.[ZX]' "/proc/$1/status" || [ ! -e "/proc/$1" ]; }

# processes_of TEXT...: processes that show TEXT in mountinfo, command line, environment or
# cgroup; not those we are running in. No pipes: they would find themselves.
processes_of() {
	local file p last="" up=$BASHPID found self=" " rest
	local -a patterns=("${@/#/-e}")

	while [ "${up:-0}" -gt 1 ]; do
		self+="$up "
		rest=$(<"/proc/$up/stat")
		read -r _ up _ <<<"${rest##*) }"
	done
	found=$(grep -lsF "${patterns[@]}" /proc/[0-9]*/{mountinfo,cmdline,environ,cgroup})
	for file in $found; do
		p=${file#/proc/} p=${p%/*}
		[[ $self$last != *" $p "* ]] && ! is_zombie "$p" || continue
		last+=" $p "
		echo "$p"
	done
}

# cgroups_of PREFIX: the cgroup directories whose names begin with PREFIX
cgroups_of() {
	local d

	for d in /sys/fs/cgroup{,/*}{,/*,/*/*}/"$1"*/; do
		[ ! -d "$d" ] || echo "${d%/}"
	done | sort -u
}
