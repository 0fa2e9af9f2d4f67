/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nearest.h - "did you mean": the known word that is least typing away.
 *
 *	struct nearest n = nearest_to(word, strlen(word));
 *	nearest_try(&n, "create"); ...
 *	if (n.best) ...
 */
#pragma once

#include <stddef.h>

#define NEAREST_MAX 24 /* longer words have no neighbours */

struct nearest {
	char word[NEAREST_MAX + 1];
	size_t len;
	const char *best; /* NULL: none is near; else one that was tried */
	size_t distance;
};

struct nearest nearest_to(const char *word, size_t len);
void nearest_try(struct nearest *n, const char *known);
