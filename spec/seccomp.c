/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp.c - the table of /linux/seccomp. */
#include "spec/bind.h"

#define ARG_MAX_INDEX 5          /* system calls have six arguments */
#define ERRNO_RET_MAX UINT16_MAX /* SECCOMP_RET_DATA */

const char *const words_seccomp_action[] = {
	"SCMP_ACT_ALLOW",        "SCMP_ACT_ERRNO",
	"SCMP_ACT_KILL",         "SCMP_ACT_LOG",
	"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD",
	"SCMP_ACT_TRACE",        "SCMP_ACT_NOTIFY",
	"SCMP_ACT_TRAP",         NULL,
};

const char *const words_seccomp_operator[] = {
	"SCMP_CMP_EQ", "SCMP_CMP_GE",        "SCMP_CMP_GT", "SCMP_CMP_LE",
	"SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE", NULL,
};

const char *const words_seccomp_arch[] = {
	"SCMP_ARCH_AARCH64",     "SCMP_ARCH_ARM",    "SCMP_ARCH_LOONGARCH64",
	"SCMP_ARCH_M68K",        "SCMP_ARCH_MIPS",   "SCMP_ARCH_MIPS64",
	"SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
	"SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
	"SCMP_ARCH_PPC",         "SCMP_ARCH_PPC64",  "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_RISCV64",     "SCMP_ARCH_S390",   "SCMP_ARCH_S390X",
	"SCMP_ARCH_SH",          "SCMP_ARCH_SHEB",   "SCMP_ARCH_X32",
	"SCMP_ARCH_X86",         "SCMP_ARCH_X86_64", NULL,
};

const char *const words_seccomp_flag[] = {
	"SECCOMP_FILTER_FLAG_TSYNC",
	"SECCOMP_FILTER_FLAG_LOG",
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	NULL,
};

static const struct bind_field spec_syscall_arg_fields[] = {
	BIND(spec_syscall_arg, "index", index, .flags = REQUIRED, .max = ARG_MAX_INDEX),
	BIND(spec_syscall_arg, "value", value, .flags = REQUIRED),
	BIND(spec_syscall_arg, "valueTwo", value_two),
	BIND(spec_syscall_arg, "op", op, .flags = REQUIRED,
	     .one_of = words_seccomp_operator),
};
static BIND_TYPE(spec_syscall_arg);

static const struct bind_field spec_syscall_fields[] = {
	BIND(spec_syscall, "names", names, .flags = REQUIRED | NOT_EMPTY),
	BIND(spec_syscall, "action", action, .flags = REQUIRED,
	     .one_of = words_seccomp_action),
	BIND(spec_syscall, "errnoRet", errno_ret, .max = ERRNO_RET_MAX),
	BIND_LIST(spec_syscall, "args", args, spec_syscall_arg),
};
static BIND_TYPE(spec_syscall);

static const struct bind_field spec_seccomp_fields[] = {
	BIND(spec_seccomp, "defaultAction", default_action, .flags = REQUIRED,
	     .one_of = words_seccomp_action),
	BIND(spec_seccomp, "defaultErrnoRet", default_errno_ret, .max = ERRNO_RET_MAX),
	BIND(spec_seccomp, "architectures", architectures, .one_of = words_seccomp_arch),
	BIND(spec_seccomp, "flags", flags, .one_of = words_seccomp_flag),
	BIND(spec_seccomp, "listenerPath", listener_path, .flags = NOT_YET),
	BIND(spec_seccomp, "listenerMetadata", listener_metadata, .flags = NOT_YET),
	BIND_LIST(spec_seccomp, "syscalls", syscalls, spec_syscall),
};
BIND_TYPE(spec_seccomp);
