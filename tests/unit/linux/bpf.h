/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bpf.h - run a classic BPF program on a struct seccomp_data, as the kernel does.
 *
 * Only what seccomp(2) accepts; anything else, a jump out of the program or an end
 * without a return ends in BPF_FAULT.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "kernel/seccomp.h"

#define BPF_FAULT 0xdeadbeefu

struct bpf_call {
	int32_t nr;
	uint32_t arch;
	uint64_t ip, args[6];
};

static inline uint32_t bpf_run(const struct bpf_insn_classic *prog, size_t n,
			       const struct bpf_call *call)
{
	uint32_t a = 0, x = 0, mem[16] = { 0 }, operand;

	for (size_t pc = 0; pc < n; pc++) {
		const struct bpf_insn_classic *i = &prog[pc];

		operand = i->code & 0x08 ? x : i->k;
		switch (i->code) {
		case 0x20: /* ld abs */
			if (i->k > sizeof(*call) - 4 || i->k % 4)
				return BPF_FAULT;
			memcpy(&a, (const char *)call + i->k, 4);
			break;
		case 0x00: /* ld imm */
			a = i->k;
			break;
		case 0x60: /* ld mem */
			a = mem[i->k % 16];
			break;
		case 0x02: /* st */
			mem[i->k % 16] = a;
			break;
		case 0x01: /* ldx imm */
			x = i->k;
			break;
		case 0x61: /* ldx mem */
			x = mem[i->k % 16];
			break;
		case 0x07: /* tax */
			x = a;
			break;
		case 0x87: /* txa */
			a = x;
			break;
		case 0x54: /* and */
		case 0x5c:
			a &= operand;
			break;
		case 0x05: /* ja */
			pc += i->k;
			break;
		case 0x15: /* jeq */
		case 0x1d:
			pc += a == operand ? i->jt : i->jf;
			break;
		case 0x25: /* jgt */
		case 0x2d:
			pc += a > operand ? i->jt : i->jf;
			break;
		case 0x35: /* jge */
		case 0x3d:
			pc += a >= operand ? i->jt : i->jf;
			break;
		case 0x45: /* jset */
		case 0x4d:
			pc += a & operand ? i->jt : i->jf;
			break;
		case 0x06: /* ret k */
			return i->k;
		default:
			return BPF_FAULT;
		}
	}
	return BPF_FAULT;
}
