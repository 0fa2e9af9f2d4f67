# SPDX-License-Identifier: Apache-2.0
# bash completion of tare; made by `tare completion bash`
# shellcheck shell=bash

_tare_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_tare() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local -a tare=("${COMP_WORDS[0]}")
	local command="" commands="create start run exec kill delete state list ps pause resume spec features help" i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root)
			tare+=(--root "${COMP_WORDS[i + 1]}")
			((i++))
			;;
		--log | --log-format | --log-level | --cgroup-manager | --rootless | --criu) ((i++)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done

	case $command in
	"")
		case $prev in
		--root)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return
			;;
		--log)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--log-format)
			_tare_words "text json"
			return
			;;
		--log-level)
			_tare_words "error warning debug"
			return
			;;
		--cgroup-manager)
			_tare_words "cgroupfs disabled"
			return
			;;
		--rootless)
			_tare_words "true false auto"
			return
			;;
		--criu)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--root --log --log-format --log-level --debug --cgroup-manager --systemd-cgroup --rootless --criu --version --help"
		else
			_tare_words "$commands"
		fi
		;;
	create)
		case $prev in
		--bundle | -b)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return
			;;
		--config | -f)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--console-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pid-file)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pidfd-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--preserve-fds)
			:
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--bundle --config --console-socket --pid-file --pidfd-socket --no-pivot --no-new-keyring --preserve-fds --help"
		fi
		;;
	start)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	run)
		case $prev in
		--bundle | -b)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return
			;;
		--config | -f)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--console-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pid-file)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pidfd-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--preserve-fds)
			:
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--detach --keep --bundle --config --console-socket --pid-file --pidfd-socket --no-pivot --no-new-keyring --preserve-fds --help"
		fi
		;;
	exec)
		case $prev in
		--user | -u)
			:
			return
			;;
		--additional-gids | -g)
			:
			return
			;;
		--env | -e)
			:
			return
			;;
		--cwd)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return
			;;
		--cap | -c)
			:
			return
			;;
		--process | -p)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--apparmor)
			:
			return
			;;
		--process-label)
			:
			return
			;;
		--cgroup)
			:
			return
			;;
		--console-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pid-file)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--pidfd-socket)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		--preserve-fds)
			:
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--detach --tty --user --additional-gids --env --cwd --cap --process --no-new-privs --apparmor --process-label --cgroup --console-socket --pid-file --pidfd-socket --preserve-fds --ignore-paused --help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	kill)
		case $prev in
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--all --help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	delete)
		case $prev in
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--force --help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	state)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	list)
		case $prev in
		--format | -f)
			_tare_words "table json"
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--format --quiet --help"
		fi
		;;
	ps)
		case $prev in
		--format | -f)
			_tare_words "table json"
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--format --help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	pause)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	resume)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		else
			_tare_words "$("${tare[@]}" list -q 2>/dev/null)"
		fi
		;;
	spec)
		case $prev in
		--bundle | -b)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			_tare_words "--bundle --rootless --help"
		fi
		;;
	features)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		fi
		;;
	help)
		if [[ $cur == -* ]]; then
			_tare_words "--help"
		else
			_tare_words "$commands"
		fi
		;;
	esac
}

complete -F _tare tare
