/* SPDX-License-Identifier: Apache-2.0 */
/* step.c - the runner of host steps: rollback, `delete` and crash repair are one table.
 */
#include "container/step.h"

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "container/container.h"
#include "init/fault.h"
#include "kernel/process.h"

/*
 * The first step is the record of what there is to undo: while something is left it
 * stays, or no later `delete` would find that.
 */
static bool can_undo(const struct step *steps, size_t i, bool failed)
{
	return steps[i].undo && !(i == 0 && failed);
}

/* A failing undo must not hide why we are here: it is said, not returned. */
static void roll_back(const struct step *steps, size_t n, struct tare_container *c)
{
	bool failed = false;

	for (size_t i = n; i-- > 0;) {
		struct err e = { 0 };
		char line[512];

		if (!can_undo(steps, i, failed) || steps[i].undo(c, &e) >= 0)
			continue;
		failed = true;
		err_format(&e, line, sizeof(line));
		log_warn("rolling back step '%s': %s", steps[i].name, line);
	}
}

int steps_run(const struct step *steps, size_t n, struct tare_container *c, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int64_t begin = sys_clock_ms();
		int r;

		r = fault_point(steps[i].name, FAULT_BEFORE, -EBADF, c->boot.pidfd, e);
		if (r >= 0)
			r = steps[i].run(c, e);
		if (r >= 0)
			r = fault_point(steps[i].name, FAULT_AFTER, -EBADF, c->boot.pidfd,
					e);
		if (r < 0) {
			r = err_step(e, r, steps[i].name, steps[i].field);
			roll_back(steps, i + 1, c);
			return r;
		}
		log_debug("step '%s': %lld ms", steps[i].name,
			  (long long)(sys_clock_ms() - begin));
	}
	return 0;
}

int steps_undo(const struct step *steps, size_t n, struct tare_container *c,
	       struct err *e)
{
	int first = 0;

	for (size_t i = n; i-- > 0;) {
		struct err later = { 0 };
		int r;

		if (!can_undo(steps, i, first < 0))
			continue;
		r = steps[i].undo(c, first < 0 ? &later : e);
		if (r < 0 && first == 0)
			first = err_step(e, r, steps[i].name, steps[i].field);
	}
	return first;
}
