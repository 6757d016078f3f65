/*
 * Connections that are lost, one after the other: what is done each time. The silences are what a clock
 * would have said between the last answer and the loss.
 */
#include "apply/losses.h"

#include <string.h>

#include "test.h"

TEST(lost_connection_is_made_again_gone_past_or_given_up)
{
	enum { MOST = 6 };
	static const struct {
		int64_t silences_ms[MOST]; /* of each loss; 0 ends them */
		bool has_way_past, is_reached;
		const char *answers; /* Connect again, go Past, give Up */
	} rows[] = {
	    {{20}, false, false, "C"},
	    {{20, 30}, false, false, "CU"},
	    {{20, 30}, true, false, "CU"},        /* so soon is no idle timeout */
	    {{60000, 60100}, false, false, "CU"}, /* alike, and no way past it */
	    {{60000, 60100}, true, false, "CP"},  /* alike */
	    {{60000, 65900}, true, false, "CP"},  /* within a tenth */
	    {{60000, 67000}, true, false, "CU"},
	    {{67000, 60000}, true, false, "CU"},
	    {{1000, 1300}, true, false, "CP"}, /* within 300 ms */
	    {{1000, 1301}, true, false, "CU"},
	    {{999, 1000}, true, false, "CU"}, /* one of them too short */
	    {{1000, 999}, true, false, "CU"},
	    {{20, 20, 20, 20, 20, 20}, false, true, "CCCCCU"}, /* the mark is worth more tries */
	    {{20, 60000, 60000}, false, true, "CCC"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct losses losses = {.silence_ms = -1};
		char answers[MOST + 1] = "";

		for (size_t n = 0; n < MOST && rows[i].silences_ms[n]; n++) {
			losses_add(&losses, rows[i].silences_ms[n]);
			answers[n] = "UCP"[losses_answer(&losses, rows[i].has_way_past, rows[i].is_reached)];
		}
		if (strcmp(answers, rows[i].answers) != 0)
			fail_msg("row %zu: %s instead of %s", i, answers, rows[i].answers);
	}
}

TEST(server_that_went_away_is_given_ten_seconds_and_one_that_refuses_none)
{
	static const struct {
		enum error_kind kind;
		int64_t waited_ms;
		bool may;
	} rows[] = {
	    {ERROR_SERVER, 0, true},      {ERROR_SERVER, 9999, true}, {ERROR_SERVER, 10000, false},
	    {ERROR_SERVER, 99999, false}, {ERROR_SQL, 0, false},      {ERROR_CONFIG, 0, false},
	    {ERROR_CANCELLED, 0, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, losses_may_come_back(&(struct error){.kind = rows[i].kind}, rows[i].waited_ms) ==
		                 rows[i].may);
}

TEST(losses_that_are_alike_name_the_time_after_which_connections_are_closed)
{
	static const struct {
		int64_t first_ms, second_ms;
		const char *hint;  /* part of it; NULL for none */
		const char *state; /* its end */
	} rows[] = {
	    {60000, 60200, "idle for about 1 min 0 s.", "until that is changed."},
	    {60000, 60200, "keepalives_idle=30", "until that is changed."},
	    {1200, 1300, "keepalives_idle=1 ", "until that is changed."},
	    {20, 30, NULL, "to finish it."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct losses losses = {.silence_ms = -1};
		struct error err = {.kind = ERROR_SERVER};

		losses_add(&losses, rows[i].first_ms);
		losses_add(&losses, rows[i].second_ms);
		losses_describe(&losses, &err);
		if (rows[i].hint ? !strstr(err.hint, rows[i].hint) : err.hint[0])
			fail_msg("row %zu: %s", i, err.hint);
		CHECK_ROW(i, strstr(err.state, rows[i].state) != NULL);
	}
}
