/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp.c - compile and load the filter; libseccomp, seccomp(2).
 *
 * OCI: /linux/seccomp/defaultAction, /linux/seccomp/defaultErrnoRet,
 *      /linux/seccomp/flags, /linux/seccomp/architectures, /linux/seccomp/syscalls
 *
 * libseccomp compiles; the program is taken out through a memfd, because exporting to
 * memory came with 2.6 only, and completed by the prologue of seccomp-enosys.h.
 */
#include "linux/seccomp.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/seccomp.h"
#include "linux/seccomp-enosys.h"

#define INSNS_MAX   4096 /* BPF_MAXINSNS */
#define ARGS_MAX    6
#define ERRNO_MAX   4095   /* what a system call can return */
#define DATA_MAX    0xffff /* SECCOMP_RET_DATA */
#define ARCHS_MAX   (ENOSYS_RANGES_MAX / 2)
#define X32_BIT     0x40000000u
#define ARM_PRIVATE 0x000f0000u /* __ARM_NR_BASE: cacheflush, set_tls */

/* clang-format off */
static const struct action {
	const char *name;
	uint32_t value;
	uint32_t data_max; /* of errnoRet; 0: it takes none */
	bool refuses;	   /* the call is not made */
} actions[] = {
	{ "SCMP_ACT_KILL",	   SCMP_ACT_KILL_THREAD,  0,	     true },
	{ "SCMP_ACT_KILL_THREAD",  SCMP_ACT_KILL_THREAD,  0,	     true },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, 0,	     true },
	{ "SCMP_ACT_TRAP",	   SCMP_ACT_TRAP,	  0,	     true },
	{ "SCMP_ACT_ERRNO",	   SCMP_ACT_ERRNO(0),	  ERRNO_MAX, true },
	{ "SCMP_ACT_TRACE",	   SCMP_ACT_TRACE(0),	  DATA_MAX,  false },
	{ "SCMP_ACT_ALLOW",	   SCMP_ACT_ALLOW,	  0,	     false },
	{ "SCMP_ACT_LOG",	   SCMP_ACT_LOG,	  0,	     false },
};

static const struct {
	const char *name;
	enum scmp_compare op;
} operators[] = {
	{ "SCMP_CMP_NE",	SCMP_CMP_NE },
	{ "SCMP_CMP_LT",	SCMP_CMP_LT },
	{ "SCMP_CMP_LE",	SCMP_CMP_LE },
	{ "SCMP_CMP_EQ",	SCMP_CMP_EQ },
	{ "SCMP_CMP_GE",	SCMP_CMP_GE },
	{ "SCMP_CMP_GT",	SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

/*
 * TSYNC is met as it is: init has one thread. WAIT_KILLABLE_RECV concerns a listener
 * and is refused by the kernel without one.
 */
static const struct {
	const char *name;
	unsigned flag;
} flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC",		    0 },
	{ "SECCOMP_FILTER_FLAG_LOG",		    SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",	    SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0 },
};
/* clang-format on */

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(actions); i++) {
		if (str_eq(name, actions[i].name))
			return &actions[i];
	}
	return NULL;
}

static int find_operator(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(operators); i++) {
		if (str_eq(name, operators[i].name))
			return (int)operators[i].op;
	}
	return -EINVAL;
}

static int find_flag(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(flags); i++) {
		if (str_eq(name, flags[i].name))
			return (int)flags[i].flag;
	}
	return -EINVAL;
}

/* errnoRet absent is EPERM, as everywhere. */
static uint32_t action_value(const struct action *a, const struct opt_u32 *errno_ret)
{
	if (!a->data_max)
		return a->value;
	return a->value | (errno_ret->set ? errno_ret->v : EPERM);
}

/* field: where the action stands. */
static int check_action(const char *name, const struct opt_u32 *errno_ret,
			const char *field, const char *errno_field, struct err *e)
{
	const struct action *a = find_action(name);

	if (!a && str_eq(name, "SCMP_ACT_NOTIFY"))
		return err_at(e, err_unsupported(e, "not supported yet: '%s'", name),
			      "%s", field);
	if (!a)
		return err_at(e,
			      err_config(e, "no action is called '%s'", name ? name : ""),
			      "%s", field);
	if (!errno_ret->set)
		return 0;
	if (!a->data_max)
		return err_at(e, err_config(e, "%s returns no errno", name), "%s",
			      errno_field);
	if (errno_ret->v > a->data_max)
		return err_at(e,
			      err_config(e, "%" PRIu32 " is above %" PRIu32, errno_ret->v,
					 a->data_max),
			      "%s", errno_field);
	return 0;
}

static int check_arg(const struct spec_syscall_arg *a, struct err *e)
{
	if (a->index >= ARGS_MAX)
		return err_at(e,
			      err_config(e,
					 "%" PRIu32 ": a system call has the arguments "
					 "0 to %d",
					 a->index, ARGS_MAX - 1),
			      "/index");
	if (find_operator(a->op) < 0)
		return err_at(e, err_config(e, "no operator is called '%s'", a->op),
			      "/op");
	return 0;
}

static int check_rule(const struct spec_syscall *s, struct err *e)
{
	int r = check_action(s->action, &s->errno_ret, "/action", "/errnoRet", e);

	if (r < 0)
		return r;
	if (!s->names.n)
		return err_at(e, err_config(e, "a rule for no system call"), "/names");
	for (size_t i = 0; i < s->names.n; i++) {
		if (str_empty(s->names.v[i]))
			return err_at(e, err_config(e, "an empty name"), "/names/%zu", i);
	}
	for (size_t i = 0; i < s->args.n; i++) {
		r = check_arg(&s->args.v[i], e);
		if (r < 0)
			return err_at(e, r, "/args/%zu", i);
	}
	return 0;
}

static int check_listener(const struct spec_seccomp *s, struct err *e)
{
	if (s->listener_metadata && !s->listener_path)
		return err_at(e, err_config(e, "there is no listenerPath to send it to"),
			      "/listenerMetadata");
	if (!str_empty(s->listener_path))
		return err_at(e,
			      err_unsupported(e, "not supported yet: /linux/seccomp/"
						 "listenerPath"),
			      "/listenerPath");
	return 0;
}

static int check(const struct spec_seccomp *s, struct err *e)
{
	int r = check_action(s->default_action, &s->default_errno_ret, "/defaultAction",
			     "/defaultErrnoRet", e);

	if (r == 0)
		r = check_listener(s, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s->flags.n; i++) {
		if (find_flag(s->flags.v[i]) < 0)
			return err_at(
				e, err_config(e, "no flag is called '%s'", s->flags.v[i]),
				"/flags/%zu", i);
	}
	for (size_t i = 0; i < s->syscalls.n; i++) {
		r = check_rule(&s->syscalls.v[i], e);
		if (r < 0)
			return err_at(e, r, "/syscalls/%zu", i);
	}
	return 0;
}

int seccomp_check(const struct spec *s, struct err *e)
{
	int r = s->linux.seccomp.is_set ? check(&s->linux.seccomp, e) : 0;

	return r < 0 ? err_at(e, r, "/linux/seccomp") : 0;
}

/* The filter being built. */
struct build {
	const struct spec_seccomp *spec;
	scmp_filter_ctx ctx;
	uint32_t default_action;
	uint32_t arch[ARCHS_MAX]; /* tokens; the native one first */
	size_t n_archs;
};

static void cleanup_build(struct build *b)
{
	if (b->ctx)
		seccomp_release(b->ctx);
}

static bool has_arch(const struct build *b, uint32_t token)
{
	for (size_t i = 0; i < b->n_archs; i++) {
		if (b->arch[i] == token)
			return true;
	}
	return false;
}

/* "SCMP_ARCH_X86_64" -> "x86_64", which is what libseccomp resolves. */
static uint32_t resolve_arch(const char *name)
{
	const char *rest = str_after(name, "SCMP_ARCH_");
	char lower[32];
	size_t i = 0;

	for (; rest && rest[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)tolower((unsigned char)rest[i]);
	lower[i] = '\0';
	return seccomp_arch_resolve_name(lower);
}

static int add_arch(struct build *b, const char *name, struct err *e)
{
	uint32_t token = resolve_arch(name);
	int r;

	if (!token)
		return err_unsupported(e, "this libseccomp does not know '%s'", name);
	if (has_arch(b, token))
		return 0;
	r = seccomp_arch_add(b->ctx, token);
	if (r == -EDOM)
		return err_config(e, "'%s' has not the byte order of this machine", name);
	if (r < 0 && r != -EEXIST)
		return err_sys(e, r, "seccomp_arch_add", name);
	b->arch[b->n_archs++] = token;
	return 0;
}

static int add_archs(struct build *b, struct err *e)
{
	const struct str_list *l = &b->spec->architectures;

	b->arch[b->n_archs++] = seccomp_arch_native();
	for (size_t i = 0; i < l->n; i++) {
		int r = add_arch(b, l->v[i], e);

		if (r < 0)
			return err_at(e, r, "/architectures/%zu", i);
	}
	return 0;
}

static struct scmp_arg_cmp comparison(const struct spec_syscall_arg *a)
{
	return (struct scmp_arg_cmp){
		.arg = a->index,
		.op = (enum scmp_compare)find_operator(a->op),
		.datum_a = a->value,
		.datum_b = a->value_two.v,
	};
}

/* libseccomp takes one condition for each argument of a rule. */
static bool repeats_index(const struct spec_syscall_arg_list *l)
{
	unsigned seen = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (seen & 1u << l->v[i].index)
			return true;
		seen |= 1u << l->v[i].index;
	}
	return false;
}

/*
 * All conditions of a rule must hold; where an argument occurs twice, each condition
 * is a rule by itself, any of which is enough. That is what profiles are written for:
 * it is how every other runtime reads them.
 */
static int add_conditions(struct build *b, uint32_t action, int nr,
			  const struct spec_syscall_arg_list *l)
{
	struct scmp_arg_cmp c[ARGS_MAX];
	int r = 0;

	if (!repeats_index(l)) {
		for (size_t i = 0; i < l->n; i++)
			c[i] = comparison(&l->v[i]);
		return seccomp_rule_add_array(b->ctx, action, nr, (unsigned)l->n, c);
	}
	for (size_t i = 0; i < l->n && r == 0; i++) {
		c[0] = comparison(&l->v[i]);
		r = seccomp_rule_add_array(b->ctx, action, nr, 1, c);
	}
	return r;
}

static int add_rule(struct build *b, const struct spec_syscall *s, struct err *e)
{
	uint32_t action = action_value(find_action(s->action), &s->errno_ret);

	/* libseccomp refuses a rule that says what the default says. */
	if (action == b->default_action)
		return 0;
	for (size_t i = 0; i < s->names.n; i++) {
		int nr = seccomp_syscall_resolve_name(s->names.v[i]), r;

		if (nr == __NR_SCMP_ERROR) {
			log_debug("seccomp: unknown system call '%s'", s->names.v[i]);
			continue;
		}
		r = add_conditions(b, action, nr, &s->args);
		if (r == -EEXIST)
			return err_at(
				e,
				err_config(e,
					   "another rule has the same conditions for "
					   "'%s' and a different action",
					   s->names.v[i]),
				"/names/%zu", i);
		if (r < 0)
			return err_at(e, err_sys(e, r, "seccomp_rule_add", s->names.v[i]),
				      "/names/%zu", i);
	}
	return 0;
}

static int add_rules(struct build *b, struct err *e)
{
	const struct spec_syscall_list *l = &b->spec->syscalls;

	for (size_t i = 0; i < l->n; i++) {
		int r = add_rule(b, &l->v[i], e);

		if (r < 0)
			return err_at(e, r, "/syscalls/%zu", i);
	}
	return 0;
}

/* The highest number below limit that the profile names on arch, -1 for none. */
static int64_t highest_named(const struct spec_syscall_list *l, uint32_t arch,
			     uint32_t limit)
{
	int64_t max = -1;

	for (size_t i = 0; i < l->n; i++) {
		for (size_t j = 0; j < l->v[i].names.n; j++) {
			int64_t nr = seccomp_syscall_resolve_name_arch(
				arch, l->v[i].names.v[j]);

			if (nr > max && nr < (int64_t)limit)
				max = nr;
		}
	}
	return max;
}

/*
 * An architecture's numbers end where another meaning begins: on x86_64 those of x32,
 * which come with the same AUDIT_ARCH; on ARM the private calls, which are no newer
 * than the rest.
 */
static uint32_t number_limit(uint32_t arch)
{
	if (arch == SCMP_ARCH_X86_64)
		return X32_BIT;
	if (arch == SCMP_ARCH_ARM)
		return ARM_PRIVATE;
	return UINT32_MAX;
}

static uint32_t audit_arch(uint32_t arch)
{
	return arch == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : arch;
}

static size_t add_ranges(const struct build *b, uint32_t arch, struct enosys_range *out)
{
	uint32_t limit = number_limit(arch);
	int64_t max = highest_named(&b->spec->syscalls, arch, limit);
	size_t n = 0;

	if (max < 0)
		return 0;
	/* What its kernel does not know arrives here as number 0. */
	if (arch == SCMP_ARCH_S390 || arch == SCMP_ARCH_S390X)
		out[n++] = (struct enosys_range){ .audit_arch = arch };
	out[n++] = (struct enosys_range){
		.audit_arch = audit_arch(arch),
		.from = (uint32_t)max + 1,
		.to = limit == UINT32_MAX ? UINT32_MAX : limit - 1,
	};
	return n;
}

/* Only in front of a default that refuses: allowed calls are left to the kernel. */
static size_t prologue(const struct build *b, struct bpf_insn_classic *out)
{
	struct enosys_range ranges[ENOSYS_RANGES_MAX];
	size_t n = 0;

	if (!find_action(b->spec->default_action)->refuses ||
	    b->default_action == SCMP_ACT_ERRNO(ENOSYS))
		return 0;
	/* x32 right after x86_64: both are tested for by one comparison. */
	for (size_t i = 0; i < b->n_archs; i++) {
		if (b->arch[i] != SCMP_ARCH_X32)
			n += add_ranges(b, b->arch[i], ranges + n);
		if (b->arch[i] == SCMP_ARCH_X86_64 && has_arch(b, SCMP_ARCH_X32))
			n += add_ranges(b, SCMP_ARCH_X32, ranges + n);
	}
	return enosys_prologue(ranges, n, out);
}

static int export_program(const struct build *b, struct plan *p, struct err *e)
{
	struct bpf_insn_classic front[ENOSYS_INSNS_MAX(ENOSYS_RANGES_MAX)];
	size_t n_front = prologue(b, front), n;
	autofd int fd = sys_memfd_create("seccomp", MFD_CLOEXEC);
	struct stat st;
	int r = fd;

	if (r >= 0)
		r = seccomp_export_bpf(b->ctx, fd);
	if (r >= 0)
		r = sys_fstat(fd, &st);
	if (r < 0)
		return err_sys(e, r, "seccomp_export_bpf", NULL);
	n = (size_t)st.st_size / sizeof(*front);
	if (n + n_front > INSNS_MAX)
		return err_config(e,
				  "the filter has %zu instructions, the kernel takes %d",
				  n + n_front, INSNS_MAX);
	p->seccomp.prog = arena_calloc(&p->arena, n + n_front, sizeof(*front));
	memcpy(p->seccomp.prog, front, n_front * sizeof(*front));
	if (sys_pread(fd, p->seccomp.prog + n_front, n * sizeof(*front), 0) !=
	    (ssize_t)(n * sizeof(*front)))
		return err_sys(e, -EIO, "read back", "seccomp program");
	p->seccomp.n = n + n_front;
	return 0;
}

/* Absent, speculation is left as it is: the mitigation costs more than filters do. */
static unsigned plan_flags(const struct spec_seccomp *s)
{
	unsigned all = 0;

	if (!s->flags.n && !s->flags.is_set)
		return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (size_t i = 0; i < s->flags.n; i++)
		all |= (unsigned)find_flag(s->flags.v[i]);
	return all;
}

static int compile(const struct spec_seccomp *s, struct plan *p, struct err *e)
{
	const struct action *a = find_action(s->default_action);
	__attribute__((cleanup(cleanup_build))) struct build b = {
		.spec = s,
		.default_action = action_value(a, &s->default_errno_ret),
	};
	int r;

	b.ctx = seccomp_init(b.default_action);
	if (!b.ctx)
		return err_at(e,
			      err_unsupported(e,
					      "neither libseccomp nor the kernel takes "
					      "'%s'",
					      s->default_action),
			      "/defaultAction");
	/* 2: a binary tree of numbers instead of one comparison after the other. */
	r = seccomp_attr_set(b.ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r < 0)
		log_debug("seccomp: a filter without a tree: %s", err_name(r));
	r = add_archs(&b, e);
	if (r == 0)
		r = add_rules(&b, e);
	return r < 0 ? r : export_program(&b, p, e);
}

int seccomp_plan(const struct spec *s, const struct host *h, struct plan *p,
		 struct err *e)
{
	const struct spec_seccomp *c = &s->linux.seccomp;
	int r;

	(void)h;
	p->seccomp = (struct plan_seccomp){ .is_set = c->is_set };
	if (!c->is_set)
		return 0;
	p->seccomp.flags = plan_flags(c);
	r = compile(c, p, e);
	return r < 0 ? err_at(e, r, "/linux/seccomp") : 0;
}

int seccomp_install(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!p->seccomp.is_set)
		return 0;
	r = sys_seccomp_load(p->seccomp.prog, p->seccomp.n, p->seccomp.flags);
	if (r < 0)
		return err_at(e, err_sys(e, r, "seccomp", "filter"), "/linux/seccomp");
	return 0;
}

bool seccomp_is_built(void)
{
	return true;
}

const char *seccomp_library_version(struct arena *a)
{
	const struct scmp_version *v = seccomp_version();

	return v ? arena_printf(a, "%u.%u.%u", v->major, v->minor, v->micro) : NULL;
}

const char *const *seccomp_flag_names(struct arena *a)
{
	unsigned avail = sys_seccomp_flags_avail();
	const char **names = arena_calloc(a, N_ELEMENTS(flags) + 1, sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < N_ELEMENTS(flags); i++) {
		if (!(flags[i].flag & ~avail))
			names[n++] = flags[i].name;
	}
	return names;
}
