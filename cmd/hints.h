/* SPDX-License-Identifier: Apache-2.0 */
/* hints.h - what helps against an error, where its kind alone says so. */
#pragma once

struct err;

/* NULL: none is known. The error's own hint, if it has one, comes first. */
const char *hint_for(const struct err *e);
