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

	CHECK(parse(
	    "table=\"Old Shop\".orders key=Tenant,\"Id\" size=10 pause=1s max-lag=5s time=100ms",
	    "update Orders set n = 1 where (a, b) > (:lo_tenant, :lo_Id) and (a, b) <= (:hi_tenant, :hi_Id)",
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

TEST(by_key_a_statement_must_take_each_row_once)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *key;
		const char *statement;
		const char *complaint; /* NULL: it is fine */
	} rows[] = {
	    {"id", "update t set n = 1 where id > :lo and id <= :hi", NULL},
	    {"id", "update t as x set n = 1 where :lo < x.\"id\" and (:hi) >= x.id and (n = 1 or n = 2)", NULL},
	    {"id", "update t set n = 1 where id>:lo and id<=:hi", NULL},
	    {"id", "update t set n = 1 where id > :lo::bigint and :hi::numeric(10, 0) >= id", NULL},
	    {"id",
	     "update t set n = 1 where id > cast(:lo as bigint) and cast(:hi as timestamp with time zone) >= id",
	     NULL},
	    {"id", "update t set n = 1 where :lo operator(pg_catalog.<) id and id operator(pg_catalog.<=) :hi",
	     NULL},
	    {"id", "update t set n = a or b where id > :lo and id <= :hi returning a or b", NULL},
	    {"id", "delete from t where id > :lo and id <= :hi and case when a or b then c else d end", NULL},
	    {"id",
	     "update t set n = (select max(id) from u where u.id = t.id), m = id where id > :lo and id <= :hi",
	     NULL},
	    {"id",
	     "update t set n = 1 from u, (select id from v where id > :lo and id <= :hi) w where u.x or w.id = 1",
	     NULL},
	    {"id",
	     "insert into u (id) select id from t where id > :lo and id <= :hi on conflict (id) do update set id "
	     "= 1 where a or b",
	     NULL},
	    {"id", "update only public.\"t\" set n = 1 where id > :lo and id <= :hi", NULL},
	    {"id", "update T set idx = 1, n = f(id, id) where id > :lo and id <= :hi", NULL},
	    {"a,b", "delete from t where (a, b) > (:lo_a, :lo_b) and row(a, b) <= row(:hi_a, :hi_b)", NULL},
	    {"a,b", "delete from t where (:lo_a::int, :lo_b) < (a, b) and (:hi_a, :hi_b) >= (a, b)", NULL},
	    {"a,b",
	     "delete from t where (a > :lo_a or (a = :lo_a and b > :lo_b)) and (a < :hi_a or a = :hi_a and b <= "
	     ":hi_b)",
	     NULL},
	    {"id", "update t set n = 1 where id >= :lo and id <= :hi", "\":lo\" is compared"},
	    {"id", "update t set n = 1 where id > :lo and id < :hi", "\":hi\" is compared"},
	    {"id", "update t set n = 1 where :lo <= id and :hi >= id", "\":lo\" is compared"},
	    {"id", "update t set n = 1 where :lo < id and :hi > id", "\":hi\" is compared"},
	    {"id", "update t set n = 1 where id between :lo and :hi", "\":lo\" is compared"},
	    {"id", "update t set n = 1 where id > :lo and id = any (array[:hi])", "\":hi\" is compared"},
	    {"id", "update t set n = 1 where id > - :lo and id <= :hi", "\":lo\" is compared"},
	    {"id", "update t set n = 1 where id operator(pg_catalog.>=) :lo and id <= :hi",
	     "\":lo\" is compared"},
	    {"id", "update u set n = 't' where id > :lo and id <= :hi", "does not name its table, t"},
	    {"id", "update \"T\" set n = 1 where id > :lo and id <= :hi", "does not name its table, t"},
	    {"id", "update t set n = :lo where id > :lo and id <= :hi", "\":lo\" is compared"},
	    {"id", "insert into t values (:lo, :hi)", "\":lo\" is compared"},
	    {"a,b", "delete from t where (a, b) >= (:lo_a, :lo_b) and (a, b) <= (:hi_a, :hi_b)",
	     "\":lo_a\" is compared"},
	    {"a,b", "delete from t where (a, b) > (:lo_a, :lo_b) and (a, b) < (:hi_a, :hi_b)",
	     "\":hi_a\" is compared"},
	    {"id", "update t set n = 1 where id > :lo and id <= :hi or n = 0", "OR is next to \":lo\""},
	    {"id", "update t set n = 1 where n = 0 or (id > :lo) and id <= :hi", "OR is next to \":hi\""},
	    {"id", "update t set id = id + 1 where id > :lo and id <= :hi", "whose key \"id\" it has changed"},
	    {"id", "update t set n = f(1, 2), \"id\" = 1 where id > :lo and id <= :hi",
	     "whose key \"id\" it has changed"},
	    {"id", "update t set (n, ID) = (1, 2) where id > :lo and id <= :hi",
	     "whose key \"id\" it has changed"},
	    {"a,b", "update t set b = 2 where (a, b) > (:lo_a, :lo_b) and (a, b) <= (:hi_a, :hi_b)",
	     "whose key \"b\" it has changed"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *directive = arena_printf(&arena, "table=t key=%s", rows[i].key);
		struct batch batch;
		struct error err = {0};

		CHECK_ROW(i, parse(directive, rows[i].statement, &arena, &batch, &err) == !rows[i].complaint);
		CHECK_ROW(i, !rows[i].complaint || strstr(err.message, rows[i].complaint));
	}
}

TEST(repeated_a_statement_must_be_counted)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *statement;
		bool is_fine;
	} rows[] = {
	    {"delete from t where id in (select id from t limit 9)", true},
	    {"with x as (select id from t limit 9) update t set n = 1 where id in (select id from x)", true},
	    {"with x as (delete from t where id in (select id from t limit 9) returning *) insert into u select "
	     "* from x",
	     true},
	    {"with x as (delete from t returning *) insert into u (a) select f(a, (select 1 where true)) from x",
	     true},
	    {"with x as (update t set n = 1 returning 1) select count(*) from x", false},
	    {"with x as (update t set n = 1 returning 1) update u set n = 1", false},
	    {"with x as (update t set n = 1 returning id), y as (select 1) delete from u using x", false},
	    {"with x as (delete from t returning *) insert into u select * from x where n > 1", false},
	    {"with x as (delete from t returning *) insert into u select * from x on conflict do nothing", false},
	    {"with x as materialized (merge into t using u on true when matched then delete) table x", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct batch batch;
		struct error err = {0};

		CHECK_ROW(i, parse("repeat", rows[i].statement, &arena, &batch, &err) == rows[i].is_fine);
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
