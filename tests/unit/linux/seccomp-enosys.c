/* SPDX-License-Identifier: Apache-2.0 */
/* The prologue that answers calls newer than the profile. */
#include "linux/seccomp-enosys.h"

#include <errno.h>

#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/linux/bpf.h"
#include "tests/unit/unit.h"

#define X86_64     0xc000003eu
#define I386       0x40000003u
#define AARCH64    0xc00000b7u
#define ENOSYS_RET (SECCOMP_RET_ERRNO | ENOSYS)

/* The prologue in front of a filter that allows everything. */
static uint32_t verdict(const struct enosys_range *r, size_t n, uint32_t arch,
			uint32_t nr)
{
	struct bpf_insn_classic v[ENOSYS_INSNS_MAX(8) + 1];
	struct bpf_call call = { .nr = (int32_t)nr, .arch = arch };
	size_t len = enosys_prologue(r, n, v);

	CHECK(len <= ENOSYS_INSNS_MAX(n));
	v[len] = (struct bpf_insn_classic){ .code = 0x06, .k = SECCOMP_RET_ALLOW };
	return bpf_run(v, len + 1, &call);
}

TEST(both_ends_of_a_range_belong_to_it)
{
	const struct enosys_range r[] = { { X86_64, 400, 500 } };

	CHECK(verdict(r, 1, X86_64, 399) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 1, X86_64, 400) == ENOSYS_RET);
	CHECK(verdict(r, 1, X86_64, 500) == ENOSYS_RET);
	CHECK(verdict(r, 1, X86_64, 501) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 1, X86_64, 0) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 1, X86_64, UINT32_MAX) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 1, I386, 450) == SECCOMP_RET_ALLOW);
}

TEST(an_architecture_may_have_several_ranges)
{
	const struct enosys_range r[] = {
		{ AARCH64, 440, UINT32_MAX },       { X86_64, 450, 0x3fffffff },
		{ X86_64, 0x40000224, UINT32_MAX }, { I386, 0, 0 },
		{ I386, 460, UINT32_MAX },
	};

	CHECK(verdict(r, 5, AARCH64, 439) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 5, AARCH64, 440) == ENOSYS_RET);
	CHECK(verdict(r, 5, AARCH64, UINT32_MAX) == ENOSYS_RET);
	CHECK(verdict(r, 5, X86_64, 449) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 5, X86_64, 450) == ENOSYS_RET);
	CHECK(verdict(r, 5, X86_64, 0x40000000) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 5, X86_64, 0x40000224) == ENOSYS_RET);
	CHECK(verdict(r, 5, I386, 0) == ENOSYS_RET);
	CHECK(verdict(r, 5, I386, 1) == SECCOMP_RET_ALLOW);
	CHECK(verdict(r, 5, I386, 460) == ENOSYS_RET);
	CHECK(verdict(r, 5, 0x12345678, 460) == SECCOMP_RET_ALLOW);
}

TEST(no_range_needs_no_instruction)
{
	struct bpf_insn_classic v[1];

	CHECK_INT((int64_t)enosys_prologue(NULL, 0, v), 0);
}

/* Against the definition: any arch, any number near an end. */
TEST(the_verdict_is_that_of_the_ranges)
{
	const struct enosys_range r[] = { { X86_64, 10, 20 },
					  { X86_64, 22, 22 },
					  { I386, 5, UINT32_MAX },
					  { AARCH64, 0, 3 } };
	static const uint32_t arches[] = { X86_64, I386, AARCH64, 1 };

	for (size_t a = 0; a < N_ELEMENTS(arches); a++) {
		for (uint32_t nr = 0; nr < 40; nr++) {
			bool inside = false;

			for (size_t i = 0; i < N_ELEMENTS(r); i++)
				inside |= arches[a] == r[i].audit_arch &&
					  nr >= r[i].from && nr <= r[i].to;
			CHECK(verdict(r, N_ELEMENTS(r), arches[a], nr) ==
			      (inside ? ENOSYS_RET : SECCOMP_RET_ALLOW));
		}
	}
}
