/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h - compute the plan of a container, or of one more process in it. */
#pragma once

struct err;
struct tare_container;

/*
 * Fill c->plan from c->spec, c->host and c->options by every module's x_plan(). No
 * side effects; all memory a child will need exists afterwards. plan.is_exec tells
 * the modules that only the process is wanted.
 */
int plan_build(struct tare_container *c, struct err *e);
