/* SPDX-License-Identifier: Apache-2.0 */
/*
 * num.h - numbers from text, strictly.
 *
 * The whole text must be the number: no blanks, no sign where none belongs, no
 * "0x", no empty string. -EINVAL for a bad form, -ERANGE when it does not fit;
 * *ret is written on success only.
 */
#pragma once

#include <stdint.h>

int num_parse_u32(const char *s, uint32_t *ret);
int num_parse_u64(const char *s, uint64_t *ret);
int num_parse_i64(const char *s, int64_t *ret);
int num_parse_octal(const char *s, uint32_t *ret); /* "0755" and "755" */

/* Sizes as other runtimes take them: 10, 10k, 10m, 10g, 10t, 10p (powers of 1024), 10KiB,
 * -1. */
int num_parse_size(const char *s, int64_t *ret);
