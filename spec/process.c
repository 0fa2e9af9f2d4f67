/* SPDX-License-Identifier: Apache-2.0 */
/* process.c - the table of /process, which is also all of a process.json. */
#include "spec/bind.h"

#include <string.h>

#define UMASK_MAX        0777
#define OOM_SCORE_MAX    1000
#define CONSOLE_SIZE_MAX UINT16_MAX /* struct winsize holds no more */

static const struct bind_field spec_console_size_fields[] = {
	BIND(spec_console_size, "height", height, .flags = REQUIRED,
	     .max = CONSOLE_SIZE_MAX),
	BIND(spec_console_size, "width", width, .flags = REQUIRED,
	     .max = CONSOLE_SIZE_MAX),
};
static BIND_TYPE(spec_console_size);

static const struct bind_field spec_user_fields[] = {
	BIND(spec_user, "uid", uid, .max = BIND_ID_MAX),
	BIND(spec_user, "gid", gid, .max = BIND_ID_MAX),
	BIND(spec_user, "umask", umask, .max = UMASK_MAX),
	BIND(spec_user, "additionalGids", additional_gids, .max = BIND_ID_MAX),
	BIND(spec_user, "username", username),
};
static BIND_TYPE(spec_user);

static const struct bind_field spec_capabilities_fields[] = {
	BIND(spec_capabilities, "bounding", bounding),
	BIND(spec_capabilities, "effective", effective),
	BIND(spec_capabilities, "inheritable", inheritable),
	BIND(spec_capabilities, "permitted", permitted),
	BIND(spec_capabilities, "ambient", ambient),
};
static BIND_TYPE(spec_capabilities);

static const char *const words_rlimit[] = {
	"RLIMIT_AS",
	"RLIMIT_CORE",
	"RLIMIT_CPU",
	"RLIMIT_DATA",
	"RLIMIT_FSIZE",
	"RLIMIT_LOCKS",
	"RLIMIT_MEMLOCK",
	"RLIMIT_MSGQUEUE",
	"RLIMIT_NICE",
	"RLIMIT_NOFILE",
	"RLIMIT_NPROC",
	"RLIMIT_RSS",
	"RLIMIT_RTPRIO",
	"RLIMIT_RTTIME",
	"RLIMIT_SIGPENDING",
	"RLIMIT_STACK",
	NULL,
};

static const struct bind_field spec_rlimit_fields[] = {
	BIND(spec_rlimit, "type", type, .flags = REQUIRED, .one_of = words_rlimit),
	BIND(spec_rlimit, "hard", hard, .flags = REQUIRED),
	BIND(spec_rlimit, "soft", soft, .flags = REQUIRED),
};
static BIND_TYPE(spec_rlimit);

static const char *const words_policy[] = {
	"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",       "SCHED_BATCH",
	"SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE", NULL,
};

static const char *const words_scheduler_flag[] = {
	"SCHED_FLAG_RESET_ON_FORK",  "SCHED_FLAG_RECLAIM",
	"SCHED_FLAG_DL_OVERRUN",     "SCHED_FLAG_KEEP_POLICY",
	"SCHED_FLAG_KEEP_PARAMS",    "SCHED_FLAG_UTIL_CLAMP_MIN",
	"SCHED_FLAG_UTIL_CLAMP_MAX", NULL,
};

static const struct bind_field spec_scheduler_fields[] = {
	BIND(spec_scheduler, "policy", policy, .flags = REQUIRED, .one_of = words_policy),
	BIND(spec_scheduler, "nice", nice),
	BIND(spec_scheduler, "priority", priority),
	BIND(spec_scheduler, "flags", flags, .one_of = words_scheduler_flag),
	BIND(spec_scheduler, "runtime", runtime),
	BIND(spec_scheduler, "deadline", deadline),
	BIND(spec_scheduler, "period", period),
};
static BIND_TYPE(spec_scheduler);

static const char *const words_io_class[] = {
	"IOPRIO_CLASS_RT",
	"IOPRIO_CLASS_BE",
	"IOPRIO_CLASS_IDLE",
	NULL,
};

static const struct bind_field spec_io_priority_fields[] = {
	BIND(spec_io_priority, "class", class, .flags = REQUIRED,
	     .one_of = words_io_class),
	BIND(spec_io_priority, "priority", priority),
};
static BIND_TYPE(spec_io_priority);

/* ^[0-9, -]*$ */
static const char *check_cpus(const char *s)
{
	return s[strspn(s, "0123456789, -")] ? "is not a list of processors like 0-3,7"
					     : NULL;
}

static const struct bind_field spec_cpu_affinity_fields[] = {
	BIND(spec_cpu_affinity, "initial", initial, .check = check_cpus),
	BIND(spec_cpu_affinity, "final", final, .check = check_cpus),
};
static BIND_TYPE(spec_cpu_affinity);

static const struct bind_field spec_process_fields[] = {
	BIND(spec_process, "terminal", terminal),
	BIND_OBJ(spec_process, "consoleSize", console_size, spec_console_size),
	BIND_OBJ(spec_process, "user", user, spec_user),
	BIND(spec_process, "args", args),
	BIND(spec_process, "commandLine", command_line),
	BIND(spec_process, "env", env),
	BIND(spec_process, "cwd", cwd, .flags = REQUIRED | NOT_EMPTY),
	BIND_OBJ(spec_process, "capabilities", capabilities, spec_capabilities),
	BIND_LIST(spec_process, "rlimits", rlimits, spec_rlimit),
	BIND(spec_process, "noNewPrivileges", no_new_privileges),
	BIND(spec_process, "apparmorProfile", apparmor_profile, .flags = NOT_YET),
	BIND(spec_process, "oomScoreAdj", oom_score_adj, .min = -OOM_SCORE_MAX,
	     .max = OOM_SCORE_MAX),
	BIND_OBJ(spec_process, "scheduler", scheduler, spec_scheduler, .flags = NOT_YET),
	BIND(spec_process, "selinuxLabel", selinux_label, .flags = NOT_YET),
	BIND_OBJ(spec_process, "ioPriority", io_priority, spec_io_priority,
		 .flags = NOT_YET),
	BIND_OBJ(spec_process, "execCPUAffinity", exec_cpu_affinity, spec_cpu_affinity,
		 .flags = NOT_YET),
};
BIND_TYPE(spec_process);
