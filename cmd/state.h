/* SPDX-License-Identifier: Apache-2.0 */
/* state.h - the state of a container as JSON, as `state` and `list` print it. */
#pragma once

struct emit;
struct tare_state;

void state_show(struct emit *m, const struct tare_state *s);
