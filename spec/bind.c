/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind.c - put a stream of JSON values into the structs that the tables describe.
 *
 * One frame per open object or array says what its values become. What is wrong with
 * a value is said about that value; json.c knows where it stands.
 *
 * A NOT_YET field is bound like any other. Its frame, and those below, remember the
 * field; the first value there that says something makes the document unsupported,
 * which is reported at the end: an error in the document is the more useful answer.
 */
#include "spec/bind.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "spec/json.h"

#define NUMBER_MAX 24 /* characters; the longest 64-bit integer has 20 */
#define SHOWN_MAX  64 /* characters of a value in a message */

enum frame_kind {
	FRAME_SKIP,
	FRAME_OBJECT,
	FRAME_LIST, /* items of a list or members of a map: objects */
	FRAME_STRS,
	FRAME_U32S,
	FRAME_STR_MAP,
};

struct not_yet {
	bool is_set;
	size_t n_tokens, offset; /* where the field is */
};

struct frame {
	enum frame_kind kind;
	const struct bind_type *type;   /* FRAME_OBJECT */
	const struct bind_field *field; /* the others but FRAME_SKIP */
	void *target;                   /* the object, the list, the map */
	uint64_t seen;                  /* FRAME_OBJECT: bit n: fields[n] */
	size_t next;                    /* FRAME_OBJECT: the row to try first */
	struct not_yet not_yet;
};

struct binder {
	const struct bind_document *d;
	struct json *j;
	struct frame frame[SPEC_MAX_DEPTH];
	size_t depth;
	struct str unsupported; /* pointer of the first NOT_YET field that is used */
	size_t unsupported_offset;
	struct str refused_member; /* pointer, when a bind_type.check refused one */
};

static struct frame *push(struct binder *b, enum frame_kind kind,
			  const struct bind_field *field, void *target,
			  const struct not_yet *not_yet)
{
	struct frame *f = &b->frame[b->depth++];

	*f = (struct frame){ .kind = kind, .field = field, .target = target };
	f->not_yet = *not_yet;
	return f;
}

static int push_skip(struct binder *b, const struct json_event *event)
{
	static const struct not_yet none = { .is_set = false };

	if (event->type == JSON_OBJECT || event->type == JSON_ARRAY)
		push(b, FRAME_SKIP, NULL, NULL, &none);
	return 0;
}

/* The value says something; is it below a NOT_YET field? */
static void note_use(struct binder *b, const struct not_yet *not_yet)
{
	if (!not_yet->is_set || b->unsupported.len)
		return;
	json_pointer(b->j, not_yet->n_tokens, &b->unsupported);
	b->unsupported_offset = not_yet->offset;
}

static int refuse_type(struct binder *b, const char *want, const struct json_event *event)
{
	return json_refuse(b->j, "expected %s, got %s", want,
			   json_type_name(event->type));
}

static int expect(struct binder *b, enum json_type type, const struct json_event *event)
{
	if (event->type == type)
		return 0;
	return refuse_type(b, json_type_name(type), event);
}

/* integers */

struct range {
	int64_t min;
	uint64_t max;
};

static struct range field_range(const struct bind_field *field)
{
	struct range r = { field->min, field->max };

	if (field->max)
		return r;
	switch (field->kind) {
	case BIND_OPT_U16:
		return (struct range){ field->min, UINT16_MAX };
	case BIND_U32:
	case BIND_OPT_U32:
	case BIND_U32S:
		return (struct range){ field->min, UINT32_MAX };
	case BIND_OPT_I32:
		return (struct range){ INT32_MIN, INT32_MAX };
	case BIND_I64:
	case BIND_OPT_I64:
		return (struct range){ INT64_MIN, INT64_MAX };
	default:
		return (struct range){ field->min, UINT64_MAX };
	}
}

static bool is_integer(const char *s, size_t len)
{
	for (size_t i = s[0] == '-'; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* As two's complement; false when it does not fit r. */
static bool integer_in(const char *text, const struct range *r, uint64_t *ret)
{
	int64_t negative;
	uint64_t v;

	if (*text == '-') {
		if (num_parse_i64(text, &negative) < 0 || negative < r->min)
			return false;
		*ret = (uint64_t)negative;
		return true;
	}
	if (num_parse_u64(text, &v) < 0 || v > r->max)
		return false;
	if (r->min > 0 && v < (uint64_t)r->min)
		return false;
	*ret = v;
	return true;
}

static int refuse_range(struct binder *b, const struct range *r,
			const struct json_event *event)
{
	char text[SHOWN_MAX], shown[SHOWN_MAX];

	(void)snprintf(text, sizeof(text), "%.*s", (int)event->len, event->s);
	str_elide(shown, sizeof(shown), text);
	if (r->min > 0 && r->max >= INT64_MAX)
		return json_refuse(b->j, "must be at least %" PRId64 ", is %s", r->min,
				   shown);
	return json_refuse(b->j, "must be between %" PRId64 " and %" PRIu64 ", is %s",
			   r->min, r->max, shown);
}

static int read_integer(struct binder *b, const struct bind_field *field,
			const struct json_event *event, uint64_t *ret)
{
	struct range r = field_range(field);
	char text[NUMBER_MAX];

	if (event->type != JSON_NUMBER)
		return refuse_type(b, "integer", event);
	if (!is_integer(event->s, event->len))
		return json_refuse(b->j, "expected integer, got %.*s",
				   event->len < SHOWN_MAX ? (int)event->len : SHOWN_MAX,
				   event->s);
	if (event->len >= sizeof(text))
		return refuse_range(b, &r, event);
	memcpy(text, event->s, event->len);
	text[event->len] = '\0';
	if (!integer_in(text, &r, ret))
		return refuse_range(b, &r, event);
	return 0;
}

static void store_integer(const struct bind_field *field, void *target, uint64_t v)
{
	switch (field->kind) {
	case BIND_U32:
		*(uint32_t *)target = (uint32_t)v;
		return;
	case BIND_U64:
		*(uint64_t *)target = v;
		return;
	case BIND_I64:
		*(int64_t *)target = (int64_t)v;
		return;
	case BIND_OPT_U16:
		*(struct opt_u16 *)target = (struct opt_u16){ true, (uint16_t)v };
		return;
	case BIND_OPT_U32:
		*(struct opt_u32 *)target = (struct opt_u32){ true, (uint32_t)v };
		return;
	case BIND_OPT_I32:
		*(struct opt_i32 *)target = (struct opt_i32){ true, (int32_t)v };
		return;
	case BIND_OPT_U64:
		*(struct opt_u64 *)target = (struct opt_u64){ true, v };
		return;
	default:
		*(struct opt_i64 *)target = (struct opt_i64){ true, (int64_t)v };
		return;
	}
}

/* strings */

static int refuse_word(struct binder *b, const char *word, const char *const *one_of)
{
	autostr struct str list = { 0 };
	char shown[SHOWN_MAX];

	for (size_t i = 0; one_of[i]; i++)
		str_addf(&list, "%s%s", i ? ", " : "", one_of[i]);
	str_elide(shown, sizeof(shown), word);
	return json_refuse(b->j, "\"%s\" is not one of %s", shown, str_text(&list));
}

static int check_text(struct binder *b, const struct bind_field *field, const char *s)
{
	const char *what;
	char shown[SHOWN_MAX];
	size_t i = 0;

	if ((field->flags & NOT_EMPTY) && !*s)
		return json_refuse(b->j, "must not be empty");
	if (field->one_of) {
		while (field->one_of[i] && !str_eq(field->one_of[i], s))
			i++;
		if (!field->one_of[i])
			return refuse_word(b, s, field->one_of);
	}
	what = field->check ? field->check(s) : NULL;
	if (!what)
		return 0;
	str_elide(shown, sizeof(shown), s);
	return json_refuse(b->j, "\"%s\" %s", shown, what);
}

static int read_string(struct binder *b, const struct bind_field *field,
		       const struct json_event *event, const char **ret)
{
	const char *s;
	int r;

	r = expect(b, JSON_STRING, event);
	if (r < 0)
		return r;
	s = arena_strndup(b->d->arena, event->s, event->len);
	r = check_text(b, field, s);
	if (r < 0)
		return r;
	*ret = s;
	return 0;
}

/* lists and maps */

static int add_string(struct binder *b, const struct frame *f,
		      const struct json_event *event)
{
	struct str_list *list = f->target;
	size_t n_stored = list->n ? list->n + 1 : 0; /* with the NULL that ends it */
	const char *s;
	int r;

	r = read_string(b, f->field, event, &s);
	if (r < 0)
		return r;
	list->v = arena_grow(b->d->arena, list->v, n_stored, sizeof(*list->v));
	list->v[list->n++] = s; /* the next one is NULL: arenas are zeroed */
	note_use(b, &f->not_yet);
	return 0;
}

static int add_u32(struct binder *b, const struct frame *f,
		   const struct json_event *event)
{
	struct u32_list *list = f->target;
	uint64_t v;
	int r;

	r = read_integer(b, f->field, event, &v);
	if (r < 0)
		return r;
	list->v = arena_grow(b->d->arena, list->v, list->n, sizeof(*list->v));
	list->v[list->n++] = (uint32_t)v;
	note_use(b, &f->not_yet);
	return 0;
}

static int read_key(struct binder *b, const struct json_event *event, const char **ret)
{
	if (!event->key_len)
		return json_refuse(b->j, "a key must not be empty");
	*ret = arena_strndup(b->d->arena, event->key, event->key_len);
	return 0;
}

static int add_pair(struct binder *b, const struct frame *f,
		    const struct json_event *event)
{
	struct str_map *map = f->target;
	struct str_pair pair;
	int r;

	r = read_key(b, event, &pair.key);
	if (r < 0 || event->type == JSON_NULL)
		return r;
	r = read_string(b, f->field, event, &pair.value);
	if (r < 0)
		return r;
	map->v = arena_grow(b->d->arena, map->v, map->n, sizeof(*map->v));
	map->v[map->n++] = pair;
	note_use(b, &f->not_yet);
	return 0;
}

static struct frame *push_object(struct binder *b, const struct bind_type *type,
				 void *object, const struct not_yet *not_yet)
{
	struct frame *f = push(b, FRAME_OBJECT, NULL, object, not_yet);

	f->type = type;
	return f;
}

static int add_object(struct binder *b, const struct frame *f,
		      const struct json_event *event)
{
	struct bind_list *list = f->target;
	const char *key = NULL;
	char *item;
	int r = 0;

	if (f->field->kind == BIND_MAP)
		r = read_key(b, event, &key);
	if (r < 0 || (key && event->type == JSON_NULL))
		return r;
	r = expect(b, JSON_OBJECT, event);
	if (r < 0)
		return r;
	list->v = arena_grow(b->d->arena, list->v, list->n, f->field->size);
	item = list->v + list->n++ * f->field->size;
	if (key)
		*(const char **)item = key;
	note_use(b, &f->not_yet);
	push_object(b, f->field->of, item, &f->not_yet);
	return 0;
}

/* members of an object */

static int bind_container(struct binder *b, const struct bind_field *field, void *target,
			  const struct not_yet *not_yet, const struct json_event *event)
{
	bool is_list = field->kind != BIND_OBJECT && field->kind != BIND_MAP &&
		       field->kind != BIND_STR_MAP;
	int r;

	r = expect(b, is_list ? JSON_ARRAY : JSON_OBJECT, event);
	if (r < 0)
		return r;
	switch (field->kind) {
	case BIND_OBJECT:
		*(bool *)target = true;
		push_object(b, field->of, target, not_yet);
		return 0;
	case BIND_STRS:
		((struct str_list *)target)->is_set = true;
		push(b, FRAME_STRS, field, target, not_yet);
		return 0;
	case BIND_U32S:
		push(b, FRAME_U32S, field, target, not_yet);
		return 0;
	case BIND_STR_MAP:
		push(b, FRAME_STR_MAP, field, target, not_yet);
		return 0;
	default:
		push(b, FRAME_LIST, field, target, not_yet);
		return 0;
	}
}

static int bind_scalar(struct binder *b, const struct bind_field *field, void *target,
		       const struct not_yet *not_yet, const struct json_event *event)
{
	bool is_neutral = false;
	uint64_t v;
	int r;

	switch (field->kind) {
	case BIND_STR:
		r = read_string(b, field, event, target);
		is_neutral = event->len == 0;
		break;
	case BIND_BOOL:
		r = expect(b, JSON_BOOL, event);
		*(bool *)target = event->truth;
		is_neutral = !event->truth;
		break;
	case BIND_OPT_BOOL:
		r = expect(b, JSON_BOOL, event);
		*(struct opt_bool *)target = (struct opt_bool){ true, event->truth };
		is_neutral = !event->truth;
		break;
	default:
		r = read_integer(b, field, event, &v);
		if (r == 0)
			store_integer(field, target, v);
		break;
	}
	if (r == 0 && !is_neutral)
		note_use(b, not_yet);
	return r;
}

/* Documents are mostly in the order of the table: look on from the last row. */
static const struct bind_field *find_field(struct frame *f,
					   const struct json_event *event)
{
	for (size_t i = 0; i < f->type->n; i++) {
		size_t at = f->next + i;
		const struct bind_field *field;

		if (at >= f->type->n)
			at -= f->type->n;
		field = &f->type->fields[at];
		if (strncmp(field->name, event->key, event->key_len) != 0 ||
		    field->name[event->key_len])
			continue;
		f->next = at + 1;
		return field;
	}
	return NULL;
}

static void log_unknown(struct binder *b)
{
	autostr struct str pointer = { 0 };

	if (!log_enabled(LOG_LEVEL_DEBUG))
		return;
	json_pointer(b->j, JSON_ALL_TOKENS, &pointer);
	log_debug("%s: %s: unknown, ignored", b->d->name, str_text(&pointer));
}

static int bind_member(struct binder *b, struct frame *f, const struct json_event *event)
{
	const struct bind_field *field = find_field(f, event);
	struct not_yet not_yet = f->not_yet;
	void *target;

	if (!field) {
		log_unknown(b);
		return push_skip(b, event);
	}
	if (event->type == JSON_NULL)
		return 0;
	f->seen |= UINT64_C(1) << (field - f->type->fields);
	target = (char *)f->target + field->offset;
	if ((field->flags & NOT_YET) && !not_yet.is_set)
		not_yet =
			(struct not_yet){ true, json_n_tokens(b->j), json_offset(b->j) };
	if (field->kind >= BIND_STRS)
		return bind_container(b, field, target, &not_yet, event);
	return bind_scalar(b, field, target, &not_yet, event);
}

/* ends */

static int refuse_member(struct binder *b, const char *member, const char *what)
{
	json_pointer(b->j, JSON_ALL_TOKENS, &b->refused_member);
	str_addf(&b->refused_member, "/%s", member);
	return json_refuse(b->j, "%s", what);
}

static int end_object(struct binder *b, const struct frame *f)
{
	const char *member = NULL, *what;

	for (size_t i = 0; i < f->type->n; i++) {
		const struct bind_field *field = &f->type->fields[i];

		if ((field->flags & REQUIRED) && !(f->seen & (UINT64_C(1) << i)))
			return json_refuse(b->j, "required member '%s' is missing",
					   field->name);
	}
	what = f->type->check ? f->type->check(f->target, &member) : NULL;
	return what ? refuse_member(b, member, what) : 0;
}

static int end(struct binder *b)
{
	const struct frame *f = &b->frame[--b->depth];

	if (f->kind == FRAME_OBJECT)
		return end_object(b, f);
	if (f->kind == FRAME_SKIP || !(f->field->flags & NOT_EMPTY))
		return 0;
	/* Every list and map begins with its size_t n. */
	return *(size_t *)f->target ? 0 : json_refuse(b->j, "must not be empty");
}

static int on_event(void *ctx, struct json *j, const struct json_event *event)
{
	static const struct not_yet none = { .is_set = false };
	struct binder *b = ctx;
	struct frame *f = b->depth ? &b->frame[b->depth - 1] : NULL;
	int r;

	b->j = j;
	if (event->type == JSON_END)
		return end(b);
	if (!f) {
		r = expect(b, JSON_OBJECT, event);
		if (r == 0)
			push_object(b, b->d->type, b->d->object, &none);
		return r;
	}
	switch (f->kind) {
	case FRAME_OBJECT:
		return bind_member(b, f, event);
	case FRAME_LIST:
		return add_object(b, f, event);
	case FRAME_STRS:
		return add_string(b, f, event);
	case FRAME_U32S:
		return add_u32(b, f, event);
	case FRAME_STR_MAP:
		return add_pair(b, f, event);
	default:
		return push_skip(b, event);
	}
}

static int refuse_unsupported(const struct binder *b, struct err *e)
{
	const struct bind_document *d = b->d;

	if (err_unsupported(e, "not supported yet: %s", b->unsupported.s) && e) {
		str_elide(e->file, sizeof(e->file), d->name);
		json_place(d->text, d->len, b->unsupported_offset, &e->line, &e->col);
	}
	return -EOPNOTSUPP;
}

int bind_parse(const struct bind_document *d, struct err *e)
{
	struct binder b = { .d = d };
	int r;

	r = json_parse(d->text, d->len, d->name, on_event, &b, e);
	if (r < 0 && e && b.refused_member.len) {
		str_elide(e->field, sizeof(e->field), b.refused_member.s);
		(void)json_locate(d->text, d->len, b.refused_member.s, &e->line, &e->col);
	}
	if (r == 0 && b.unsupported.len && !d->allow_not_yet)
		r = refuse_unsupported(&b, e);
	str_free(&b.unsupported);
	str_free(&b.refused_member);
	return r;
}
