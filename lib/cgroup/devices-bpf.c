/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices-bpf.c - device rules as a BPF_PROG_TYPE_CGROUP_DEVICE program.
 *
 * The kernel asks it once for each access, with the kinds wanted as bits: 1 allows, 0
 * denies. The last rule that speaks of a kind decides on it, so the program walks the
 * rules backwards and keeps the kinds that nothing has decided yet:
 *
 *	a rule that denies one of them: denied
 *	a rule that allows: they are decided; allowed once none is left
 *
 * The first rule is one for all devices, so the end is never reached undecided; there is
 * no instruction after it, as the verifier refuses what cannot be reached.
 */
#include "cgroup/devices-bpf.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/devices.h"
#include "kernel/bpf.h"
#include "kernel/process.h"
#include "plan.h"

/* struct bpf_cgroup_dev_ctx: u32 access << 16 | type, u32 major, u32 minor */
enum { CTX_ACCESS_TYPE = 0, CTX_MAJOR = 4, CTX_MINOR = 8 };
enum { TYPE_BLOCK = 1, TYPE_CHAR = 2 };

/* Instruction classes and modes, as in the kernel's instruction set document. */
enum {
	LOAD_U32 = 0x61,      /* BPF_LDX | BPF_MEM | BPF_W */
	MOV_REG = 0xbc,       /* BPF_ALU | BPF_MOV | BPF_X: 32 bits, the rest zero */
	MOV_IMM = 0xb7,       /* BPF_ALU64 | BPF_MOV | BPF_K */
	AND_IMM = 0x54,       /* BPF_ALU | BPF_AND | BPF_K */
	SHIFT_RIGHT = 0x74,   /* BPF_ALU | BPF_RSH | BPF_K */
	JUMP_IF_EQUAL = 0x16, /* BPF_JMP32 | BPF_JEQ | BPF_K */
	JUMP_IF_NOT = 0x56,   /* BPF_JMP32 | BPF_JNE | BPF_K */
	EXIT = 0x95,          /* BPF_JMP | BPF_EXIT */
};

enum { R_RESULT, R_CONTEXT, R_TYPE, R_WANTED, R_MAJOR, R_MINOR, R_DENIED };

#define PROLOGUE     6
#define PER_RULE     9  /* at most */
#define MAX_ATTACHED 64 /* the kernel's limit for one cgroup */

struct program {
	struct bpf_insn_ebpf *v;
	size_t n;
};

static void emit(struct program *p, uint8_t code, unsigned dst, unsigned src, int off,
		 uint32_t imm)
{
	p->v[p->n++] = (struct bpf_insn_ebpf){
		.code = code,
		.regs = (uint8_t)(dst | src << 4),
		.off = (int16_t)off,
		.imm = (int32_t)imm,
	};
}

static void emit_prologue(struct program *p)
{
	emit(p, LOAD_U32, R_WANTED, R_CONTEXT, CTX_ACCESS_TYPE, 0);
	emit(p, MOV_REG, R_TYPE, R_WANTED, 0, 0);
	emit(p, AND_IMM, R_TYPE, 0, 0, 0xffff);
	emit(p, SHIFT_RIGHT, R_WANTED, 0, 0, 16);
	emit(p, LOAD_U32, R_MAJOR, R_CONTEXT, CTX_MAJOR, 0);
	emit(p, LOAD_U32, R_MINOR, R_CONTEXT, CTX_MINOR, 0);
}

static void emit_verdict(struct program *p, bool allow)
{
	emit(p, MOV_IMM, R_RESULT, 0, 0, allow);
	emit(p, EXIT, 0, 0, 0, 0);
}

/* The jumps from `first` on that were left open go to the next instruction. */
static void land_jumps(struct program *p, size_t first)
{
	for (size_t i = first; i < p->n; i++) {
		uint8_t code = p->v[i].code;

		if ((code == JUMP_IF_EQUAL || code == JUMP_IF_NOT) && p->v[i].off == 0)
			p->v[i].off = (int16_t)(p->n - i - 1);
	}
}

static void emit_rule(struct program *p, const struct device_rule *rule)
{
	size_t first = p->n;

	if (rule->type != 'a')
		emit(p, JUMP_IF_NOT, R_TYPE, 0, 0,
		     rule->type == 'b' ? TYPE_BLOCK : TYPE_CHAR);
	if (rule->major >= 0)
		emit(p, JUMP_IF_NOT, R_MAJOR, 0, 0, (uint32_t)rule->major);
	if (rule->minor >= 0)
		emit(p, JUMP_IF_NOT, R_MINOR, 0, 0, (uint32_t)rule->minor);
	if (rule->access != DEVICE_ACCESS && rule->allow) {
		emit(p, AND_IMM, R_WANTED, 0, 0, ~rule->access);
		emit(p, JUMP_IF_NOT, R_WANTED, 0, 0, 0);
	} else if (rule->access != DEVICE_ACCESS) {
		emit(p, MOV_REG, R_DENIED, R_WANTED, 0, 0);
		emit(p, AND_IMM, R_DENIED, 0, 0, rule->access);
		emit(p, JUMP_IF_EQUAL, R_DENIED, 0, 0, 0);
	}
	emit_verdict(p, rule->allow);
	land_jumps(p, first);
}

void device_bpf_plan(const struct device_rules *rules, struct plan *plan)
{
	struct program p = { 0 };

	if (rules->n == 1 && rules->v[0].allow)
		return;
	p.v = arena_calloc(&plan->arena, PROLOGUE + PER_RULE * rules->n, sizeof(*p.v));
	emit_prologue(&p);
	for (size_t i = rules->n; i-- > 0;)
		emit_rule(&p, &rules->v[i]);
	plan->cgroup.device_prog = p.v;
	plan->cgroup.n_device_prog = p.n;
}

/*
 * Before 5.11 programs counted against RLIMIT_MEMLOCK of the user, all containers
 * together. The limit is raised for the call only: it is the caller's and init's too.
 */
static int load_unlimited(const struct plan_cgroup *c, char *log, size_t log_size)
{
	const struct rlimit64 unlimited = { RLIM64_INFINITY, RLIM64_INFINITY };
	struct rlimit64 old;
	int fd, r;

	r = sys_prlimit(0, RLIMIT_MEMLOCK, &unlimited, &old);
	if (r < 0)
		return -EPERM;
	fd = sys_bpf_load_device(c->device_prog, c->n_device_prog, log, log_size);
	r = sys_prlimit(0, RLIMIT_MEMLOCK, &old, NULL);
	if (r < 0 && fd >= 0)
		fd_close(&fd);
	return r < 0 ? r : fd;
}

/* *ret_fd: the program; -EBADF where none is planned. */
static int load(const struct plan_cgroup *c, int *ret_fd, struct err *e)
{
	char log[512] = "";
	int fd;

	*ret_fd = -EBADF;
	if (!c->device_prog)
		return 0;
	fd = sys_bpf_load_device(c->device_prog, c->n_device_prog, log, sizeof(log));
	if (fd == -EPERM)
		fd = load_unlimited(c, log, sizeof(log));
	if (fd < 0)
		return err_sys_msg(e, fd, "bpf", "device program", "%s", log);
	*ret_fd = fd;
	return 0;
}

static int replace(int cgroup_fd, int prog_fd, const uint32_t *ids, int n, struct err *e)
{
	autofd int one = n == 1 ? sys_bpf_prog_by_id(ids[0]) : -EBADF;
	int r = 0;

	if (n == 1 && one < 0)
		return err_sys(e, one, "bpf", "attached device program");
	if (prog_fd >= 0)
		r = sys_bpf_attach_device(cgroup_fd, prog_fd, one);
	if (r < 0)
		return err_sys(e, r, "attach", "device program");
	if (prog_fd >= 0 && n == 1)
		return 0;
	/* The new one is in force: only now the old ones may go. */
	for (int i = 0; i < n; i++) {
		autofd int fd = sys_bpf_prog_by_id(ids[i]);

		r = fd < 0 ? fd : sys_bpf_detach_device(cgroup_fd, fd);
		if (r < 0 && r != -ENOENT)
			return err_sys(e, r, "detach", "device program");
	}
	return 0;
}

int device_bpf_apply(const struct plan *plan, int cgroup_fd, struct err *e)
{
	uint32_t ids[MAX_ATTACHED];
	autofd int prog_fd = -EBADF;
	int n, r = load(&plan->cgroup, &prog_fd, e);

	if (r < 0) {
		if (!plan->host->in_userns || (r != -EPERM && r != -EACCES))
			return err_at(e, r, "/linux/resources/devices");
		log_debug("device rules: the host's are in force in a user namespace");
		if (e)
			*e = (struct err){ 0 };
		return 0;
	}
	n = sys_bpf_query_device(cgroup_fd, ids, N_ELEMENTS(ids));
	r = n < 0 ? err_sys(e, n, "query", "device programs")
		  : replace(cgroup_fd, prog_fd, ids, n, e);
	return r < 0 ? err_at(e, r, "/linux/resources/devices") : 0;
}
