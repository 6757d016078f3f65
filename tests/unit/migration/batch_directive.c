#include "migration/batch_directive.h"

#include <string.h>

#include "test.h"

static bool parse(const char *directive, const char *statement, struct arena *arena, struct batch *out,
                  struct error *err)
{
	struct script script = {0};
	const struct script_options options = {0};
	const char *text = arena_printf(arena, "-- rung: batch %s\n%s;\n", directive, statement);
	const bool is_read = script_parse(str_of(text), "06_x.sql", &options, arena, &script, err);

	CHECK(is_read);
	CHECK(batch_is_wanted(&script.statements[0]));
	return batch_parse(&script.statements[0], arena, out, err);
}

TEST(a_batch_is_read_whole)
{
	scoped_arena struct arena arena = {0};
	struct batch batch;
	struct error err;

	CHECK(parse("table=\"Old Shop\".orders key=Tenant,\"Id\" size=10 pause=1s max-lag=5s time=100ms",
	            "update o set n = 1 where (a, b) > (:lo_tenant, :lo_Id) and (a, b) <= (:hi_tenant, :hi_Id)",
	            &arena, &batch, &err));
	CHECK(batch.way == BATCH_BY_KEY);
	CHECK_STR(batch.table, "\"Old Shop\".orders");
	CHECK_INT(batch.column_count, 2);
	CHECK_STR(batch.columns[0], "tenant");
	CHECK_STR(batch.columns[1], "Id");
	CHECK_INT(batch.size, 10);
	CHECK_INT(batch.pause_ms, 1000);
	CHECK_INT(batch.max_lag_ms, 5000);
	CHECK_INT(batch.time_ms, 100);
}

TEST(a_batch_has_defaults)
{
	scoped_arena struct arena arena = {0};
	struct batch batch;
	struct error err;

	CHECK(parse("repeat", "delete from t where ctid = any (array(select ctid from t limit 9))", &arena,
	            &batch, &err));
	CHECK(batch.way == BATCH_REPEAT && !batch.table && batch.column_count == 0);
	CHECK(batch.size == 5000 && batch.pause_ms == 0 && batch.max_lag_ms == -1 && batch.time_ms == 250);
}

TEST(by_ctid_a_statement_must_know_its_own_work)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *statement;
		bool is_fine;
	} rows[] = {
	    {"update t set n = 1 where ctid > :lo and ctid <= :hi", false},
	    {"update t as x set n = 1 where x.ctid > :lo and x.ctid <= :hi", false},
	    {"update t set n = 1 where ctid > :lo and ctid <= :hi and n is null", true},
	    {"update t as x set n = 1 where x.n is null and x.ctid > :lo and x.ctid <= :hi", true},
	    {"update t as x set n = 1 where x.ctid > :lo and x.ctid <= :hi and done is null", true},
	    {"update t set n = 1 where ctid > :lo and ctid <= :hi and not done", true},
	    {"delete from t where ctid > :lo and ctid <= :hi", true},
	    {"insert into u select * from t where ctid > :lo and ctid <= :hi", false},
	    {"insert into u select * from t where ctid > :lo and ctid <= :hi on conflict do nothing", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct batch batch;
		struct error err = {0};

		CHECK_ROW(i, parse("table=t ctid", rows[i].statement, &arena, &batch, &err) == rows[i].is_fine);
	}
}

TEST(bounds_become_parameters_and_nothing_moves)
{
	scoped_arena struct arena arena = {0};
	struct script script = {0};
	const struct script_options options = {0};
	struct batch batch;
	struct error err;
	const char *text = "-- rung: batch table=t key=a,b\n"
	                   "update t set n = ':lo_a' /* :lo_a */\n"
	                   " where (a, b) > (:lo_a, :lo_b) and (a, b) <= (:hi_a,:hi_b::int);";

	CHECK(script_parse(str_of(text), "06_x.sql", &options, &arena, &script, &err));
	CHECK(batch_parse(&script.statements[0], &arena, &batch, &err));
	const char *sent = batch_text(&script.statements[0], &batch, &arena);
	CHECK_INT(strlen(sent), script.statements[0].text.len);
	CHECK_STR(sent, "update t set n = ':lo_a' /* :lo_a */\n"
	                " where (a, b) > ($1   , $2   ) and (a, b) <= ($3   ,$4   ::int)");
}
