/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind.h - tables that say which JSON member goes into which struct member.
 *
 * A row's kind follows from the C type of the member, so a row cannot disagree with
 * its struct: a type that is no JSON value does not compile. The same tables parse
 * (bind_parse) and emit (emit_bound), in their order, which is that of the
 * specification's Go structs: config.json files are nearly always written in it.
 *
 *	static const struct bind_field spec_root_fields[] = {
 *		BIND(spec_root, "path", path, .flags = REQUIRED),
 *		BIND(spec_root, "readonly", readonly),
 *	};
 *	BIND_TYPE(spec_root);
 *
 * null is the same as absent. Members that no row names are skipped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/config.h"

struct err;

enum bind_kind {
	BIND_STR,
	BIND_BOOL,
	BIND_U32,
	BIND_U64,
	BIND_I64,
	BIND_OPT_BOOL,
	BIND_OPT_U16,
	BIND_OPT_U32,
	BIND_OPT_I32,
	BIND_OPT_U64,
	BIND_OPT_I64,
	BIND_STRS,
	BIND_U32S,
	BIND_STR_MAP,
	BIND_OBJECT, /* embedded; its first member is `bool is_set` */
	BIND_LIST,   /* { size_t n; struct x *v; } */
	BIND_MAP,    /* the same; the first member of x is `const char *key` */
};

enum bind_flags {
	REQUIRED = 1,
	NOT_EMPTY = 2, /* a string, or a list, that has to have something */
	/*
	 * Bound and checked, but nothing applies it: a value that says something makes
	 * the whole document unsupported. Stands in spec/unsupported.txt.
	 */
	NOT_YET = 4,
};

struct bind_type;

/* What is wrong with the text (to follow `"text" `), or NULL. */
typedef const char *bind_check(const char *text);

struct bind_field {
	const char *name; /* by exact case */
	size_t offset;
	enum bind_kind kind;
	unsigned flags;
	const struct bind_type *of; /* of an object, or of the items of a list or map */
	size_t size;                /* of such an item */
	/* For integers and their lists; max 0: all that the C type holds. */
	int64_t min;
	uint64_t max;
	/* For strings and their lists; one_of ends with NULL. */
	const char *const *one_of;
	bind_check *check;
};

struct bind_type {
	const struct bind_field *fields;
	size_t n;
	/*
	 * What one row cannot know: called at the end of the object. Returns what is
	 * wrong and with which member, or NULL.
	 */
	const char *(*check)(const void *object, const char **ret_member);
};

/* clang-format off */
#define BIND(T, json, member, ...)                                               \
	{ .name = (json), .offset = offsetof(struct T, member),                  \
	  .kind = _Generic(((struct T *)0)->member,                              \
		const char *: BIND_STR, bool: BIND_BOOL, uint32_t: BIND_U32,     \
		uint64_t: BIND_U64, int64_t: BIND_I64,                           \
		struct opt_bool: BIND_OPT_BOOL, struct opt_u16: BIND_OPT_U16,    \
		struct opt_u32: BIND_OPT_U32, struct opt_i32: BIND_OPT_I32,      \
		struct opt_u64: BIND_OPT_U64, struct opt_i64: BIND_OPT_I64,      \
		struct str_list: BIND_STRS, struct u32_list: BIND_U32S,          \
		struct str_map: BIND_STR_MAP), __VA_ARGS__ }

/* Not a number unless cond holds at compile time. */
#define BIND_SURE(cond) (0 * sizeof(char[(cond) ? 1 : -1]))

/* S is the tag of the embedded or listed struct; its table is bind_S. */
#define BIND_OBJ(T, json, member, S, ...)                                        \
	{ .name = (json), .kind = BIND_OBJECT,                                   \
	  .offset = offsetof(struct T, member) +                                 \
		    BIND_SURE(offsetof(struct S, is_set) == 0),                  \
	  .of = _Generic(((struct T *)0)->member, struct S: &bind_##S),          \
	  __VA_ARGS__ }

#define BIND_ITEMS_(T, json, member, S, kind_, ...)                              \
	{ .name = (json), .kind = (kind_),                                       \
	  .offset = offsetof(struct T, member) +                                 \
		    BIND_SURE(offsetof(struct S##_list, n) == 0 &&               \
			      offsetof(struct S##_list, v) == sizeof(size_t)),   \
	  .size = sizeof(struct S),                                              \
	  .of = _Generic(((struct T *)0)->member, struct S##_list: &bind_##S),   \
	  __VA_ARGS__ }

#define BIND_LIST(T, json, member, S, ...)                                       \
	BIND_ITEMS_(T, json, member, S, BIND_LIST, __VA_ARGS__)

#define BIND_MAP(T, json, member, S, ...)                                        \
	BIND_ITEMS_(T, json, member, S, BIND_MAP,                                \
		    .min = BIND_SURE(_Generic(&((struct S *)0)->key,             \
					      const char **: 1) &&               \
				     offsetof(struct S, key) == 0), __VA_ARGS__)

#define BIND_TYPE(S, ...)                                                        \
	const struct bind_type bind_##S = {                                      \
		.fields = S##_fields,                                            \
		.n = sizeof(S##_fields) / sizeof(S##_fields[0]) +                \
		     BIND_SURE(sizeof(S##_fields) / sizeof(S##_fields[0]) <= 64), \
		__VA_ARGS__ }
/* clang-format on */

/* What all lists and maps of structs look like. */
struct bind_list {
	size_t n;
	char *v; /* n * field->size bytes */
};

/* A document to read: everything here is the caller's. */
struct bind_document {
	const char *text, *name;
	size_t len;
	const struct bind_type *type;
	void *object; /* zeroed; may be half filled after an error */
	struct arena *arena;
	bool allow_not_yet; /* for tests */
};

/*
 * Read the document into its object. Errors have kind ERR_CONFIG with file, line,
 * column and pointer; ERR_UNSUPPORTED for a NOT_YET field, but only when the whole
 * document is valid otherwise.
 */
int bind_parse(const struct bind_document *d, struct err *e);

/* The tables; each stands in the file that is named like its part of the document. */
extern const struct bind_type bind_spec, bind_spec_mount, bind_spec_id_mapping;
extern const struct bind_type bind_spec_process;
extern const struct bind_type bind_spec_linux;
extern const struct bind_type bind_spec_resources;
extern const struct bind_type bind_spec_seccomp;

/* An id; the largest number means "no id" to the kernel and is refused. */
#define BIND_ID_MAX (UINT32_MAX - 1)

/* Words shared with the features document; NULL ends them. */
extern const char *const words_namespace[];
extern const char *const words_seccomp_action[], *const words_seccomp_operator[];
extern const char *const words_seccomp_arch[], *const words_seccomp_flag[];
extern const char *const words_hook[];
