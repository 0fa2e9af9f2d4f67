# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /linux/seccomp

load ../lib

# filter JQ-VALUE: the profile
filter() { config ".linux.seccomp = $1"; }
ALLOW='defaultAction: "SCMP_ACT_ALLOW"'

# the number of a system call on this machine
number() { printf '#include <sys/syscall.h>\nSYS_%s\n' "$1" | gcc -E -P - | tail -n 1; }

@test "one call is refused, with EPERM by default" {
	filter "{$ALLOW, syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	inside 'mkdir /new 2>&1 || :; echo x >/file && echo others work'
	has "$output" "Operation not permitted"
	has "$output" "others work"
}

@test "errnoRet, defaultErrnoRet" {
	put tools/probe
	filter "{$ALLOW, syscalls: [{names: [\"getppid\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 16}]}"
	program probe syscall "$(number getppid)"
	ok run "$ID"
	is "$output" EBUSY
	config '.linux.seccomp.syscalls[0].errnoRet = 0'
	ok run "$ID"
	is "$output" ok
}

# What a static program and the runtime's own last steps need.
NEEDED='["read", "write", "readv", "writev", "open", "openat", "close", "stat", "fstat", "newfstatat", "lstat",
	"mmap", "mprotect", "munmap", "brk", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "ioctl", "access",
	"execve", "execveat", "exit", "exit_group", "arch_prctl", "set_tid_address", "set_robust_list", "rseq",
	"prlimit64", "getrandom", "readlink", "readlinkat", "uname", "poll", "ppoll", "fcntl", "futex", "close_range",
	"prctl", "capget", "capset", "setgid", "setuid", "setgroups", "getuid", "geteuid", "getgid", "getegid",
	"getpid", "gettid", "chdir", "fchdir", "getcwd", "dup3", "dup2", "statx", "sigaltstack", "getdents64", "lseek",
	"recvmsg", "sendmsg", "recvfrom", "sendto", "getgroups", "setresuid", "setresgid", "fstatfs", "statfs",
	"faccessat", "faccessat2", "openat2", "pread64", "clock_gettime", "wait4", "tgkill", "kill", "epoll_pwait",
	"epoll_create1", "epoll_ctl", "nanosleep", "clock_nanosleep", "madvise", "sched_yield", "sched_getaffinity", "rt_sigtimedwait"]'

@test "an allow list, and ENOSYS for what is newer than it" {
	put tools/probe
	filter "{defaultAction: \"SCMP_ACT_ERRNO\", defaultErrnoRet: 1, syscalls: [{names: $NEEDED, action: \"SCMP_ACT_ALLOW\"}]}"
	program probe syscall "$(number getppid)"
	ok run "$ID"
	is "$output" EPERM
	program probe syscall 999
	ok run "$ID"
	is "$output" ENOSYS
}

@test "killing actions" {
	put tools/probe
	program probe syscall "$(number getppid)"
	for action in SCMP_ACT_KILL SCMP_ACT_KILL_THREAD SCMP_ACT_KILL_PROCESS; do
		filter "{$ALLOW, syscalls: [{names: [\"getppid\"], action: \"$action\"}]}"
		try run "$ID"
		is "$status" 159 # SIGSYS
		is "$output" ""
	done
}

@test "trap, trace, log, allow" {
	put tools/probe
	program probe syscall "$(number getppid)"
	filter "{$ALLOW, syscalls: [{names: [\"getppid\"], action: \"SCMP_ACT_TRAP\"}]}"
	try run "$ID"
	is "$status" 159
	filter "{$ALLOW, syscalls: [{names: [\"getppid\"], action: \"SCMP_ACT_TRACE\", errnoRet: 1}]}"
	ok run "$ID"
	is "$output" ENOSYS # nobody traces
	filter "{$ALLOW, syscalls: [{names: [\"getppid\"], action: \"SCMP_ACT_LOG\"}]}"
	ok run "$ID"
	is "$output" ok
	filter "{defaultAction: \"SCMP_ACT_LOG\", syscalls: [{names: [\"getppid\"], action: \"SCMP_ACT_ALLOW\"}]}"
	ok run "$ID"
	is "$output" ok
}

# compared OP VALUE [VALUE-TWO]: lseek(VALUE...) is refused when its first argument compares
compared() {
	filter "{$ALLOW, syscalls: [{names: [\"umask\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 16,
		args: [{index: 0, op: \"$1\", value: $2 ${3:+, valueTwo: $3}}]}]}"
}
# refuses ARGUMENT: yes, or no
refuses() {
	program probe syscall "$(number umask)" "$1"
	ok run "$ID"
	[ "$output" = EBUSY ] && echo yes || echo no
}

@test "argument operators" {
	put tools/probe
	compared SCMP_CMP_EQ 8
	is "$(refuses 8)$(refuses 9)" yesno
	compared SCMP_CMP_NE 8
	is "$(refuses 8)$(refuses 9)" noyes
	compared SCMP_CMP_LT 8
	is "$(refuses 7)$(refuses 8)" yesno
	compared SCMP_CMP_LE 8
	is "$(refuses 8)$(refuses 9)" yesno
	compared SCMP_CMP_GT 8
	is "$(refuses 9)$(refuses 8)" yesno
	compared SCMP_CMP_GE 8
	is "$(refuses 8)$(refuses 7)" yesno
	compared SCMP_CMP_MASKED_EQ 6 2
	is "$(refuses 3)$(refuses 6)" yesno
}

@test "the same call twice with other arguments: either" {
	put tools/probe
	filter "{$ALLOW, syscalls: [
		{names: [\"umask\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 16, args: [{index: 0, op: \"SCMP_CMP_EQ\", value: 1}]},
		{names: [\"umask\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 16, args: [{index: 0, op: \"SCMP_CMP_EQ\", value: 2}]}]}"
	is "$(refuses 1)$(refuses 2)$(refuses 3)" yesyesno
}

@test "architectures: 32-bit calls are filtered, too, when listed" {
	filter "{$ALLOW, architectures: [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"],
		syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	inside 'mkdir /new 2>&1 || :'
	has "$output" "Operation not permitted"
}

@test "the machine's own architecture is always there" {
	[ "$(uname -m)" = x86_64 ] || skip "shown for x86_64"
	filter "{$ALLOW, architectures: [\"SCMP_ARCH_AARCH64\"], syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	inside 'mkdir /new 2>&1 || :'
	has "$output" "Operation not permitted"
}

@test "flags" {
	for flag in SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_TSYNC; do
		filter "{$ALLOW, flags: [\"$flag\"], syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
		try run "$ID"
		is "$status" 0
	done
}

@test "unknown calls are passed over" {
	filter "{$ALLOW, syscalls: [{names: [\"nosuchcall\", \"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	inside 'mkdir /new 2>&1 || :'
	has "$output" "Operation not permitted"
}

@test "it is loaded with and without noNewPrivileges, for any user" {
	filter "{$ALLOW, syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	for nnp in true false; do
		for uid in 0 1000; do
			inside 'grep ^Seccomp: /proc/self/status | cut -f2; mkdir /tmp/new 2>&1 || :' \
				".process.noNewPrivileges = $nnp | .process.user = {uid: $uid, gid: $uid}"
			has "$output" 2
			has "$output" "Operation not permitted"
		done
	done
}

@test "exec is filtered as well" {
	filter "{$ALLOW, syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	up
	try exec "$ID" mkdir /new
	is "$status" 1
	has "$stderr" "Operation not permitted"
}

@test "the engines' profile: what it refuses, what it lets pass" {
	put tools/probe
	config --slurpfile p "$BATS_TEST_DIRNAME/../fixtures/engines/podman-plain.json" '.linux.seccomp = $p[0].linux.seccomp'
	program probe syscall "$(number bpf)"
	ok run "$ID"
	is "$output" EPERM
	program probe syscall "$(number getppid)"
	ok run "$ID"
	is "$output" ok
	program probe syscall 999
	ok run "$ID"
	is "$output" ENOSYS
}

@test "a profile that refuses execve: it is said, nothing hangs" {
	filter "{$ALLOW, syscalls: [{names: [\"execve\", \"execveat\"], action: \"SCMP_ACT_ERRNO\"}]}"
	script true
	LIMIT=10 try run "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "a profile that kills at execve: it is said, nothing hangs" {
	filter "{$ALLOW, syscalls: [{names: [\"execve\", \"execveat\"], action: \"SCMP_ACT_KILL_PROCESS\"}]}"
	script true
	LIMIT=10 try run "$ID"
	isnt "$status" 0
	no_trace "$ID"
}

@test "what is wrong in a profile" {
	refused "/linux/seccomp(/defaultAction)?" defaultAction '.linux.seccomp = {}'
	refused /linux/seccomp/defaultAction "" '.linux.seccomp = {defaultAction: "SCMP_ACT_NOSUCH"}'
	refused /linux/seccomp/syscalls/0/action "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [\"mkdir\"], action: \"ERRNO\"}]}"
	refused "/linux/seccomp/syscalls/0/args/0/op" "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_ERRNO\", args: [{index: 0, value: 1, op: \"EQ\"}]}]}"
	is_tare || return 0
	refused "/linux/seccomp/syscalls/0(/names)?" names ".linux.seccomp = {$ALLOW, syscalls: [{action: \"SCMP_ACT_ERRNO\"}]}"
	refused /linux/seccomp/syscalls/0/names "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [], action: \"SCMP_ACT_ERRNO\"}]}"
	refused /linux/seccomp/architectures/0 "" ".linux.seccomp = {$ALLOW, architectures: [\"SCMP_ARCH_NOSUCH\"]}"
	refused /linux/seccomp/flags/0 "" ".linux.seccomp = {$ALLOW, flags: [\"NOSUCH\"]}"
	refused /linux/seccomp/syscalls/0/errnoRet "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 99999}]}"
	refused "/linux/seccomp/syscalls/0/args/0/index" "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_ERRNO\", args: [{index: 6, value: 1, op: \"SCMP_CMP_EQ\"}]}]}"
	refused /linux/seccomp/syscalls "" ".linux.seccomp = {$ALLOW, syscalls: \"x\"}"
}

@test "errnoRet with an action that returns none" {
	is_tare || skip "not in runtimes of that age"
	refused /linux/seccomp/syscalls/0/errnoRet "" ".linux.seccomp = {$ALLOW, syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_KILL\", errnoRet: 1}]}"
	refused /linux/seccomp/defaultErrnoRet "" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", defaultErrnoRet: 1}'
}

@test "a listener" {
	is_tare || skip "the others have it"
	not_yet /linux/seccomp/listenerPath ".linux.seccomp = {$ALLOW, listenerPath: \"/run/x.sock\", syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_NOTIFY\"}]}"
	not_yet /linux/seccomp/listenerMetadata ".linux.seccomp = {$ALLOW, listenerMetadata: \"x\"}"
}
