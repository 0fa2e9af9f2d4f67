/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h - the semantic rules of a config that the parser has accepted.
 *
 * OCI: /ociVersion; every other pointer is checked by the module that applies it.
 */
#pragma once

struct err;
struct options;
struct spec;

/* Run every module's x_check(), in the order of the document; the first failure counts.
 */
int check_spec(const struct spec *s, const struct options *o, struct err *e);

/* Give an error that has a pointer its place in the document; returns r. s may be NULL.
 */
int check_locate(const struct spec *s, int r, struct err *e);
