/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h - random device rules, and what they mean: the reference that the v1 writes and
 * the v2 program are held against.
 */
#pragma once

#include "cgroup/devices.h"
#include "tests/unit/cgroup/fake.h"

struct request {
	char type; /* 'b', 'c' */
	uint32_t major, minor;
	unsigned access; /* DEVICE_*, not 0 */
};

/* xorshift: the same on every run, so that a failure can be looked at. */
MAYBE uint32_t random_below(uint64_t *seed, uint32_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 33) % n;
}

/* Few numbers, so that rules and requests meet. */
MAYBE struct request random_request(uint64_t *seed)
{
	static const uint32_t numbers[] = { 0, 1, 3, 5, 136, 0xfff, 0xfffff };

	return (struct request){
		.type = random_below(seed, 2) ? 'b' : 'c',
		.major = numbers[random_below(seed, N_ELEMENTS(numbers))],
		.minor = numbers[random_below(seed, N_ELEMENTS(numbers))],
		.access = 1 + random_below(seed, 7),
	};
}

#define MAX_RULES 12

struct random_rules {
	struct spec_device_rule v[MAX_RULES];
	size_t n;
};

MAYBE void random_rules(uint64_t *seed, struct random_rules *ret)
{
	static const int64_t numbers[] = { -1, -1,  0,     1,       3,
					   5,  136, 0xfff, 0xfffff, 0xffffffff };
	static const char *const access[] = { NULL, "",   "r",  "w",  "m",
					      "rw", "wm", "mr", "rwm" };
	static const char *const types[] = { NULL, "", "a", "b", "c", "b", "c", "c" };

	ret->n = random_below(seed, MAX_RULES + 1);
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i] = (struct spec_device_rule){
			.allow = random_below(seed, 2),
			.type = types[random_below(seed, N_ELEMENTS(types))],
			.major = { random_below(seed, 4) > 0,
				   numbers[random_below(seed, N_ELEMENTS(numbers))] },
			.minor = { random_below(seed, 4) > 0,
				   numbers[random_below(seed, N_ELEMENTS(numbers))] },
			.access = access[random_below(seed, N_ELEMENTS(access))],
		};
	}
}

static bool reference_matches(const struct spec_device_rule *r, const struct request *q)
{
	return (str_empty(r->type) || r->type[0] == 'a' || r->type[0] == q->type) &&
	       (!r->major.set || r->major.v == -1 || r->major.v == q->major) &&
	       (!r->minor.set || r->minor.v == -1 || r->minor.v == q->minor);
}

static bool is_default_device(const struct request *q, unsigned kind)
{
	static const uint32_t devices[][2] = {
		{ 1, 3 }, { 1, 5 }, { 1, 7 }, { 1, 8 },
		{ 1, 9 }, { 5, 0 }, { 5, 2 }, { 10, 200 }
	};

	if (kind == DEVICE_MKNOD)
		return true;
	for (size_t i = 0; i < N_ELEMENTS(devices); i++) {
		if (q->type == 'c' && q->major == devices[i][0] &&
		    q->minor == devices[i][1])
			return true;
	}
	return q->type == 'c' && q->major == 136;
}

static bool reference_allows_kind(const struct random_rules *rules,
				  const struct request *q, unsigned kind)
{
	const char letter = kind == DEVICE_READ ? 'r' : kind == DEVICE_WRITE ? 'w' : 'm';
	bool allowed = false;

	for (size_t i = 0; i < rules->n; i++) {
		const struct spec_device_rule *r = &rules->v[i];

		if (reference_matches(r, q) &&
		    (str_empty(r->access) || strchr(r->access, letter)))
			allowed = r->allow;
	}
	return allowed || is_default_device(q, kind);
}

/* Each kind of access by itself: the last rule that speaks of it, then the defaults. */
MAYBE bool reference_allows(const struct random_rules *rules, const struct request *q)
{
	for (unsigned kind = 1; kind <= DEVICE_WRITE; kind <<= 1) {
		if (q->access & kind && !reference_allows_kind(rules, q, kind))
			return false;
	}
	return true;
}
