/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/devices-bpf.h"

#include "kernel/bpf.h"
#include "tests/unit/cgroup/fake.h"
#include "tests/unit/cgroup/rules.h"

/*
 * The instructions of the program as the kernel's instruction set document defines them;
 * whatever else comes up, or a jump out of the program, fails the test.
 */
static int64_t run(const struct bpf_insn_ebpf *prog, size_t n, const uint32_t ctx[3])
{
	uint64_t r[11] = { 0 };

	for (size_t pc = 0; pc < n; pc++) {
		const struct bpf_insn_ebpf *in = &prog[pc];
		unsigned dst = in->regs & 15, src = in->regs >> 4;
		uint32_t imm = (uint32_t)in->imm;

		switch (in->code) {
		case 0x61: /* r = *(u32 *)(src + off) */
			if (src != 1 || in->off % 4 || in->off < 0 || in->off > 8)
				return -1;
			r[dst] = ctx[in->off / 4];
			break;
		case 0xbc: /* w = w */
			r[dst] = (uint32_t)r[src];
			break;
		case 0xb7: /* r = imm */
			r[dst] = (uint64_t)(int64_t)in->imm;
			break;
		case 0x54: /* w &= imm */
			r[dst] = (uint32_t)r[dst] & imm;
			break;
		case 0x74: /* w >>= imm */
			r[dst] = (uint32_t)r[dst] >> imm;
			break;
		case 0x16: /* if w == imm */
			if ((uint32_t)r[dst] == imm)
				pc += (size_t)in->off;
			break;
		case 0x56: /* if w != imm */
			if ((uint32_t)r[dst] != imm)
				pc += (size_t)in->off;
			break;
		case 0x95:
			return (int64_t)r[0];
		default:
			return -1;
		}
	}
	return -1;
}

static void plan_program(struct fake *f, const struct random_rules *rules)
{
	struct device_rules list;

	f->spec.linux.resources.devices = (struct spec_device_rule_list){
		rules->n, (struct spec_device_rule *)(uintptr_t)rules->v
	};
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	CHECK_INT(device_rules_check(&f->spec, &f->e), 0);
	device_rules_of(&f->spec, &f->plan.arena, &list);
	device_bpf_plan(&list, &f->plan);
}

static bool program_allows(const struct fake *f, const struct request *q)
{
	const struct plan_cgroup *c = &f->plan.cgroup;
	const uint32_t ctx[3] = { q->access << 16 | (q->type == 'b' ? 1 : 2), q->major,
				  q->minor };
	int64_t verdict;

	if (!c->device_prog)
		return true;
	verdict = run(c->device_prog, c->n_device_prog, ctx);
	CHECK(verdict == 0 || verdict == 1);
	return verdict == 1;
}

TEST(the_program_decides_as_the_rules_do)
{
	uint64_t seed = 88172645463325252;
	unsigned allowed = 0, denied = 0;
	struct fake f;

	fake_v2_machine(&f);
	for (unsigned round = 0; round < 3000; round++) {
		struct random_rules rules;

		random_rules(&seed, &rules);
		plan_program(&f, &rules);
		for (unsigned i = 0; i < 50; i++) {
			struct request q = random_request(&seed);
			bool want = reference_allows(&rules, &q);

			CHECK_INT(program_allows(&f, &q), want);
			want ? allowed++ : denied++;
		}
	}
	CHECK(allowed > 10000 && denied > 10000);
	fake_free(&f);
}

TEST(numbers_above_two_billion_are_compared_unsigned)
{
	struct random_rules rules = { .n = 1 };
	struct request q = { 'c', UINT32_MAX, 0x80000000, DEVICE_READ };
	struct fake f;

	fake_v2_machine(&f);
	rules.v[0] = (struct spec_device_rule){
		.allow = true,
		.type = "c",
		.major = { true, UINT32_MAX },
		.minor = { true, 0x80000000 },
		.access = "r",
	};
	plan_program(&f, &rules);
	CHECK(program_allows(&f, &q));
	q.minor++;
	CHECK(!program_allows(&f, &q));
	fake_free(&f);
}

TEST(the_kernel_takes_the_programs)
{
	uint64_t seed = 0x2545f4914f6cdd1d;
	struct fake f;

	if (geteuid() != 0)
		SKIP("loading a program needs root");
	fake_v2_machine(&f);
	for (unsigned round = 0; round < 100; round++) {
		struct random_rules rules;
		char log[2048] = "";
		int fd;

		random_rules(&seed, &rules);
		plan_program(&f, &rules);
		if (!f.plan.cgroup.device_prog)
			continue;
		fd = sys_bpf_load_device(f.plan.cgroup.device_prog,
					 f.plan.cgroup.n_device_prog, log, sizeof(log));
		CHECK_STR(log, "");
		CHECK(fd >= 0);
		fd_close(&fd);
	}
	fake_free(&f);
}
