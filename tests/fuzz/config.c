/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.c - any bytes as config.json, process.json, resources and state.json.
 *
 * Besides not crashing: what is refused says what and where, what is accepted goes out
 * by the same tables and comes back the same, and whatever we accept without a place
 * for an error is UTF-8. Build with clang -fsanitize=fuzzer,address,undefined; start
 * from tests/fixtures/oci-spec/test/config.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/bind.h"
#include "spec/config.h"
#include "spec/emit.h"
#include "spec/json.h"
#include "spec/state.h"
#include "spec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond)                                                                       \
	do {                                                                             \
		if (!(cond))                                                             \
			abort();                                                         \
	} while (0)

union any {
	struct spec spec;
	struct spec_process process;
	struct spec_resources resources;
};

static void check_error(const char *text, size_t len, int r, const struct err *e)
{
	char line[4096];
	unsigned at_line, at_col;

	MUST(r < 0 && e->code == -r);
	MUST(e->kind == ERR_CONFIG || e->kind == ERR_UNSUPPORTED);
	MUST(e->msg[0] && e->file[0] && e->line > 0 && e->col > 0);
	err_format(e, line, sizeof(line));
	MUST(line[0] && !strchr(line, '\n'));
	(void)json_locate(text, len, e->field, &at_line, &at_col);
}

static int parse(const struct bind_type *type, const char *text, size_t len,
		 union any *object, struct arena *arena, struct err *e)
{
	struct bind_document d = {
		.text = text,
		.len = len,
		.name = "fuzz",
		.type = type,
		.object = object,
		.arena = arena,
		.allow_not_yet = true,
	};

	return bind_parse(&d, e);
}

static void emit(const struct bind_type *type, const union any *object, struct str *out)
{
	struct emit m;

	emit_begin(&m, out, 0);
	emit_bound(&m, type, object);
	MUST(emit_end(&m) == 0);
}

static void try_type(const struct bind_type *type, const char *text, size_t len)
{
	autostr struct str once = { 0 }, twice = { 0 };
	union any first, second;
	struct arena arena = { 0 };
	struct err e = { 0 };
	int r;

	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	r = parse(type, text, len, &first, &arena, &e);
	if (r < 0) {
		check_error(text, len, r, &e);
	} else {
		MUST(utf8_is_valid(text, len));
		emit(type, &first, &once);
		MUST(parse(type, once.s, once.len, &second, &arena, &e) == 0);
		emit(type, &second, &twice);
		MUST(str_eq(once.s, twice.s));
	}
	arena_free(&arena);
}

static void try_state(const char *text, size_t len)
{
	autostr struct str out = { 0 };
	struct arena arena = { 0 };
	struct spec_state state;
	struct err e = { 0 };
	int r = state_parse(text, len, &arena, &state, &e);

	if (r < 0)
		check_error(text, len, r, &e);
	else
		MUST(state_emit(&state, &out, &e) == 0);
	arena_free(&arena);
}

static void try_load(const char *text, size_t len)
{
	struct spec *s = NULL;
	struct err e = { 0 };
	int r = spec_parse(text, len, "config.json", &s, &e);

	if (r < 0)
		check_error(text, len, r, &e);
	spec_free(s);
}

/* A copy of exactly this size, so that a read behind its end is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);

	MUST(text != NULL);
	memcpy(text, data, size);
	try_load(text, size);
	try_type(&bind_spec, text, size);
	try_type(&bind_spec_process, text, size);
	try_type(&bind_spec_resources, text, size);
	try_state(text, size);
	free(text);
	return 0;
}
