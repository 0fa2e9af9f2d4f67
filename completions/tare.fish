# SPDX-License-Identifier: Apache-2.0
# fish completion of tare; made by `tare completion fish`

function __tare_containers
    set -l root (string match -r -- '--root[= ]+(\S+)' (commandline -p))[2]
    tare (test -n "$root"; and printf '%s\n' --root $root) list -q 2>/dev/null
end

complete -c tare -f
complete -c tare -n '__fish_use_subcommand' -l root -xa '(__fish_complete_directories)' -d 'where the state of containers is kept; a tmpfs, by default /run/tare, without privilege $XDG_RUNTIME_DIR/tare'
complete -c tare -n '__fish_use_subcommand' -l log -rF -d 'append an error to this file, too'
complete -c tare -n '__fish_use_subcommand' -l log-format -xa 'text json' -d 'text (the default) or json: how FILE is written'
complete -c tare -n '__fish_use_subcommand' -l log-level -xa 'error warning debug' -d 'error, warning or debug: what else is said, to FILE if there is one'
complete -c tare -n '__fish_use_subcommand' -l debug -d 'the same as --log-level debug'
complete -c tare -n '__fish_use_subcommand' -l cgroup-manager -xa 'cgroupfs disabled' -d 'cgroupfs (the default), or disabled: make no cgroup'
complete -c tare -n '__fish_use_subcommand' -l systemd-cgroup -d 'not supported yet: refused by commands that create a container'
complete -c tare -n '__fish_use_subcommand' -l rootless -xa 'true false auto' -d 'true, false or auto; accepted for other runtimes'\'' callers'
complete -c tare -n '__fish_use_subcommand' -l criu -rF -d 'ignored'
complete -c tare -n '__fish_use_subcommand' -l version -s v -d 'print the version'

complete -c tare -n __fish_use_subcommand -a create -d 'create a container, which then waits for '\''start'\'''
complete -c tare -n '__fish_seen_subcommand_from create' -l bundle -s b -xa '(__fish_complete_directories)' -d 'directory with config.json and the root file system; by default this one'
complete -c tare -n '__fish_seen_subcommand_from create' -l config -s f -rF -d 'read this instead of the bundle'\''s config.json'
complete -c tare -n '__fish_seen_subcommand_from create' -l console-socket -rF -d 'send the master side of the container'\''s terminal to this socket'
complete -c tare -n '__fish_seen_subcommand_from create' -l pid-file -rF -d 'write the pid of the container'\''s init to FILE, last of all'
complete -c tare -n '__fish_seen_subcommand_from create' -l pidfd-socket -rF -d 'send a pidfd of the container'\''s init to this socket'
complete -c tare -n '__fish_seen_subcommand_from create' -l no-pivot -d 'use chroot instead of pivot_root; for a root file system on a ramdisk'
complete -c tare -n '__fish_seen_subcommand_from create' -l no-new-keyring -d 'leave the caller'\''s session keyring to the container'
complete -c tare -n '__fish_seen_subcommand_from create' -l preserve-fds -x -d 'hand on N more descriptors, from 3 on'

complete -c tare -n __fish_use_subcommand -a start -d 'start the program of a container that was created'
complete -c tare -n '__fish_seen_subcommand_from start' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a run -d 'create a container, start it and wait for its end'
complete -c tare -n '__fish_seen_subcommand_from run' -l detach -s d -d 'return as soon as the program runs'
complete -c tare -n '__fish_seen_subcommand_from run' -l keep -d 'do not delete the container when it has ended'
complete -c tare -n '__fish_seen_subcommand_from run' -l bundle -s b -xa '(__fish_complete_directories)' -d 'directory with config.json and the root file system; by default this one'
complete -c tare -n '__fish_seen_subcommand_from run' -l config -s f -rF -d 'read this instead of the bundle'\''s config.json'
complete -c tare -n '__fish_seen_subcommand_from run' -l console-socket -rF -d 'send the master side of the container'\''s terminal to this socket'
complete -c tare -n '__fish_seen_subcommand_from run' -l pid-file -rF -d 'write the pid of the container'\''s init to FILE, last of all'
complete -c tare -n '__fish_seen_subcommand_from run' -l pidfd-socket -rF -d 'send a pidfd of the container'\''s init to this socket'
complete -c tare -n '__fish_seen_subcommand_from run' -l no-pivot -d 'use chroot instead of pivot_root; for a root file system on a ramdisk'
complete -c tare -n '__fish_seen_subcommand_from run' -l no-new-keyring -d 'leave the caller'\''s session keyring to the container'
complete -c tare -n '__fish_seen_subcommand_from run' -l preserve-fds -x -d 'hand on N more descriptors, from 3 on'

complete -c tare -n __fish_use_subcommand -a exec -d 'run one more process in a container'
complete -c tare -n '__fish_seen_subcommand_from exec' -l detach -s d -d 'return as soon as the program runs'
complete -c tare -n '__fish_seen_subcommand_from exec' -l tty -s t -d 'give the program a terminal'
complete -c tare -n '__fish_seen_subcommand_from exec' -l user -s u -x -d 'user and group of the program, as numbers'
complete -c tare -n '__fish_seen_subcommand_from exec' -l additional-gids -s g -x -d 'one more group of the program; may be repeated'
complete -c tare -n '__fish_seen_subcommand_from exec' -l env -s e -x -d 'set a variable of its environment; may be repeated'
complete -c tare -n '__fish_seen_subcommand_from exec' -l cwd -xa '(__fish_complete_directories)' -d 'the directory it begins in'
complete -c tare -n '__fish_seen_subcommand_from exec' -l cap -s c -x -d 'one more capability of the program; may be repeated'
complete -c tare -n '__fish_seen_subcommand_from exec' -l process -s p -rF -d 'read the process from FILE, a JSON document like /process of config.json'
complete -c tare -n '__fish_seen_subcommand_from exec' -l no-new-privs -d 'keep the program from gaining privileges by execve'
complete -c tare -n '__fish_seen_subcommand_from exec' -l apparmor -x -d 'AppArmor profile of the program; not supported yet'
complete -c tare -n '__fish_seen_subcommand_from exec' -l process-label -x -d 'SELinux label of the program; not supported yet'
complete -c tare -n '__fish_seen_subcommand_from exec' -l cgroup -x -d 'run in this cgroup below the container'\''s; not supported yet'
complete -c tare -n '__fish_seen_subcommand_from exec' -l console-socket -rF -d 'send the master side of the program'\''s terminal to this socket'
complete -c tare -n '__fish_seen_subcommand_from exec' -l pid-file -rF -d 'write the program'\''s pid to FILE'
complete -c tare -n '__fish_seen_subcommand_from exec' -l pidfd-socket -rF -d 'send a pidfd of the program to this socket'
complete -c tare -n '__fish_seen_subcommand_from exec' -l preserve-fds -x -d 'hand on N more descriptors, from 3 on'
complete -c tare -n '__fish_seen_subcommand_from exec' -l ignore-paused -d 'begin in a paused container, too; the program runs once it is resumed'
complete -c tare -n '__fish_seen_subcommand_from exec' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a kill -d 'send a signal to a container, by default TERM'
complete -c tare -n '__fish_seen_subcommand_from kill' -l all -s a -d 'signal every process of the container, not only its init'
complete -c tare -n '__fish_seen_subcommand_from kill' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a delete -d 'remove a container and all that belongs to it'
complete -c tare -n '__fish_seen_subcommand_from delete' -l force -s f -d 'kill it first if it runs; that there is none is no error'
complete -c tare -n '__fish_seen_subcommand_from delete' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a state -d 'print the state of a container as JSON'
complete -c tare -n '__fish_seen_subcommand_from state' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a list -d 'print the containers there are'
complete -c tare -n '__fish_seen_subcommand_from list' -l format -s f -xa 'table json' -d 'table (the default) or json'
complete -c tare -n '__fish_seen_subcommand_from list' -l quiet -s q -d 'print only the ids'

complete -c tare -n __fish_use_subcommand -a ps -d 'print the processes of a container'
complete -c tare -n '__fish_seen_subcommand_from ps' -l format -s f -xa 'table json' -d 'table (the default), or json: the pids alone'
complete -c tare -n '__fish_seen_subcommand_from ps' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a pause -d 'freeze all processes of a container'
complete -c tare -n '__fish_seen_subcommand_from pause' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a resume -d 'let the processes of a paused container go on'
complete -c tare -n '__fish_seen_subcommand_from resume' -a '(__tare_containers)'

complete -c tare -n __fish_use_subcommand -a spec -d 'write a config.json to begin with'
complete -c tare -n '__fish_seen_subcommand_from spec' -l bundle -s b -xa '(__fish_complete_directories)' -d 'write to this directory instead of the current one'
complete -c tare -n '__fish_seen_subcommand_from spec' -l rootless -xa 'true false auto' -d 'not supported yet'

complete -c tare -n __fish_use_subcommand -a features -d 'print what this build knows, as JSON'

complete -c tare -n __fish_use_subcommand -a help -d 'say how tare or one of its commands is used'
complete -c tare -n '__fish_seen_subcommand_from help' -a 'create start run exec kill delete state list ps pause resume spec features help'

complete -c tare -s h -l help -d 'print help'
