/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.h - run a sequence that must be undone when it does not complete.
 *
 * An undo gets no error to fill: it is best effort, it must succeed when its
 * step never ran (so that `delete` can run it on whatever a crash left behind),
 * and it must not touch the error being reported. What it cannot undo it leaves
 * to the caller's return value.
 */
#pragma once

#include <stddef.h>

struct err;
struct tare_container;

struct step {
	const char *name;  /* in logs, timings and error messages */
	const char *field; /* OCI field it carries out, or NULL */
	int (*run)(struct tare_container *c, struct err *e);
	int (*undo)(struct tare_container *c, struct err *e);
};

/* Run steps in order; on failure undo those that ran and the failed one, last first. */
int steps_run(const struct step *steps, size_t n, struct tare_container *c,
	      struct err *e);

/*
 * Undo all steps, last first. Each undo copes with a step that never ran. Goes on
 * after a failure and returns the first one, with *e filled; but the first step, which
 * is the record of what there is to undo, is then left to the next attempt.
 */
int steps_undo(const struct step *steps, size_t n, struct tare_container *c,
	       struct err *e);
