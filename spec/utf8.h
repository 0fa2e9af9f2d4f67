/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h - is this text what RFC 3629 and RFC 8259 call a string? */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of the valid UTF-8 sequence at s, 1 to 4; 0 if there is none: overlong
 * forms, surrogates and code points above U+10FFFF are none.
 */
size_t utf8_sequence(const char *s, size_t len);

bool utf8_is_valid(const char *s, size_t len);

/*
 * Look at what stands between the quotes of a JSON string, escapes not yet decoded.
 * Returns what is wrong with it (a literal), or NULL: invalid UTF-8, \u0000, half of
 * a surrogate pair.
 */
const char *utf8_check_json(const char *s, size_t len);
