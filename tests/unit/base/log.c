/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the sink, and what is not even formatted. */
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

struct heard {
	int n;
	enum log_level level;
	char text[16384];
};

static void hear(void *ctx, enum log_level level, const char *text)
{
	struct heard *h = ctx;

	h->n++;
	h->level = level;
	(void)snprintf(h->text, sizeof(h->text), "%s", text);
}

TEST(without_a_sink_nothing_is_said)
{
	log_set_sink(NULL, NULL, LOG_LEVEL_DEBUG);
	CHECK(!log_enabled(LOG_LEVEL_ERROR));
	CHECK(!log_enabled(LOG_LEVEL_DEBUG));
	log_warn("%s", "x");
	log_debug("%s", "x");
	log_text(LOG_LEVEL_ERROR, "x");
}

TEST(the_sink_gets_level_and_text)
{
	struct heard h = { 0 };

	log_set_sink(hear, &h, LOG_LEVEL_DEBUG);
	log_warn("mount %d", 3);
	CHECK_INT(h.level, LOG_LEVEL_WARNING);
	CHECK_STR(h.text, "mount 3");
	log_debug("%s", "path");
	CHECK_INT(h.level, LOG_LEVEL_DEBUG);
	CHECK_STR(h.text, "path");
	log_text(LOG_LEVEL_ERROR, "100%s");
	CHECK_INT(h.level, LOG_LEVEL_ERROR);
	CHECK_STR(h.text, "100%s");
	CHECK_INT(h.n, 3);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}

TEST(what_is_above_the_level_is_dropped)
{
	struct heard h = { 0 };

	log_set_sink(hear, &h, LOG_LEVEL_WARNING);
	CHECK(log_enabled(LOG_LEVEL_ERROR));
	CHECK(log_enabled(LOG_LEVEL_WARNING));
	CHECK(!log_enabled(LOG_LEVEL_DEBUG));
	log_debug("%s", "x");
	log_text(LOG_LEVEL_DEBUG, "x");
	CHECK_INT(h.n, 0);
	log_warn("%s", "x");
	CHECK_INT(h.n, 1);
	log_set_sink(hear, &h, LOG_LEVEL_ERROR);
	log_warn("%s", "x");
	CHECK_INT(h.n, 1);
	log_text(LOG_LEVEL_ERROR, "x");
	CHECK_INT(h.n, 2);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}

TEST(a_level_from_outside_is_not_believed)
{
	struct heard h = { 0 };
	unsigned wrong = 4711;
	enum log_level level;

	memcpy(&level, &wrong, sizeof(level));
	log_set_sink(hear, &h, LOG_LEVEL_WARNING);
	log_text(level, "x");
	CHECK_INT(h.n, 0);
	log_set_sink(hear, &h, LOG_LEVEL_DEBUG);
	log_text(level, "x");
	CHECK_INT(h.n, 1);
	CHECK_INT(h.level, LOG_LEVEL_DEBUG);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}

TEST(a_text_that_is_too_long_says_so)
{
	struct heard h = { 0 };

	log_set_sink(hear, &h, LOG_LEVEL_DEBUG);
	log_debug("%*s", 8191, "x");
	CHECK_INT((int64_t)strlen(h.text), 8191);
	CHECK_INT(h.text[8190], 'x');
	log_debug("%*s", 8192, "x");
	CHECK_INT((int64_t)strlen(h.text), 8191);
	CHECK_STR(h.text + 8187, " ...");
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
}
