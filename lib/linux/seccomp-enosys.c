/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp-enosys.c - emit the prologue of seccomp-enosys.h; seccomp(2).
 *
 *	ld arch
 *	jeq ARCH, else to the next architecture
 *	ld nr
 *	jge FROM, else to the next range	\ for each range of ARCH
 *	jgt TO, then to the next range		|
 *	ret ERRNO | ENOSYS			/
 *	ja to the filter
 *	...
 *
 * Loads, comparisons, jumps and returns only: with these the kernel can still find
 * out which calls are always allowed, and skip the filter for them.
 */
#include "linux/seccomp-enosys.h"

#include <errno.h>

#include "kernel/compat.h"

/* struct seccomp_data */
#define OFFSET_NR   0
#define OFFSET_ARCH 4

/* Classic BPF: class, mode and source of an operation. */
#define OP_LD_ABS 0x20 /* BPF_LD | BPF_W | BPF_ABS */
#define OP_JA     0x05 /* BPF_JMP | BPF_JA */
#define OP_JEQ    0x15 /* BPF_JMP | BPF_JEQ | BPF_K */
#define OP_JGT    0x25
#define OP_JGE    0x35
#define OP_RET    0x06 /* BPF_RET | BPF_K */

struct code {
	struct bpf_insn_classic *v;
	size_t n;
};

static void emit(struct code *c, unsigned op, unsigned jt, unsigned jf, uint32_t k)
{
	c->v[c->n++] = (struct bpf_insn_classic){
		.code = (uint16_t)op,
		.jt = (uint8_t)jt,
		.jf = (uint8_t)jf,
		.k = k,
	};
}

static void emit_range(struct code *c, const struct enosys_range *r)
{
	emit(c, OP_JGE, 0, 2, r->from);
	emit(c, OP_JGT, 1, 0, r->to);
	emit(c, OP_RET, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
}

/* All ranges of the first one's architecture; returns how many. */
static size_t emit_arch(struct code *c, const struct enosys_range *r, size_t n)
{
	size_t n_same = 1, test = c->n;

	while (n_same < n && r[n_same].audit_arch == r[0].audit_arch)
		n_same++;
	emit(c, OP_JEQ, 0, 0, r[0].audit_arch);
	emit(c, OP_LD_ABS, 0, 0, OFFSET_NR);
	for (size_t i = 0; i < n_same; i++)
		emit_range(c, &r[i]);
	emit(c, OP_JA, 0, 0, 0); /* completed when the end is known */
	c->v[test].jf = (uint8_t)(c->n - test - 1);
	return n_same;
}

size_t enosys_prologue(const struct enosys_range *ranges, size_t n,
		       struct bpf_insn_classic *out)
{
	struct code c = { .v = out };

	if (!n)
		return 0;
	emit(&c, OP_LD_ABS, 0, 0, OFFSET_ARCH);
	for (size_t i = 0; i < n;)
		i += emit_arch(&c, ranges + i, n - i);
	for (size_t i = 0; i < c.n; i++) {
		if (c.v[i].code == OP_JA)
			c.v[i].k = (uint32_t)(c.n - i - 1);
	}
	return c.n;
}
