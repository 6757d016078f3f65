#include "migration/mode.h"

#include <string.h>

#include "test.h"

struct row {
	const char *text;
	enum run_mode mode;
	const char *refusal; /* a part of the message; NULL when it runs */
	const char *place;
};

static void check_row(size_t i, const struct row *row)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	const struct script_options options = {0};
	struct directives directives;
	enum run_mode mode = MODE_TRANSACTIONAL;
	struct error err = {0};

	if (!directives_parse(str_of(row->text), "x.sql", &arena, &directives, &err) ||
	    !script_parse(str_of(row->text), "x.sql", &options, &arena, &script, &err))
		fail_msg("row %zu: %s", i, err.message);
	const bool good = mode_of_script(&script, &directives, 0, &mode, &err);
	if (good && (row->refusal || mode != row->mode))
		fail_msg("row %zu: runs, mode %d", i, (int)mode);
	if (!good && (!row->refusal || !strstr(err.message, row->refusal) || strcmp(err.place, row->place) != 0))
		fail_msg("row %zu: refused: %s at %s", i, err.message, err.place);
	CHECK_ROW(i, good || err.hint[0]);
}

#define CHECK_ROWS(rows)                                        \
	for (size_t i = 0; i < sizeof(rows) / sizeof(*(rows)); i++) \
	check_row(i, &(rows)[i])

TEST(a_file_decides_by_its_statements)
{
	static const struct row rows[] = {
	    {"", MODE_TRANSACTIONAL, NULL, NULL},
	    {"-- nothing but words", MODE_TRANSACTIONAL, NULL, NULL},
	    {"", MODE_TRANSACTIONAL, NULL, NULL},
	    {"\\echo hello\n", MODE_TRANSACTIONAL, NULL, NULL},
	    {"create table t (a int);", MODE_TRANSACTIONAL, NULL, NULL},
	    {"savepoint a; select 1; rollback to a;", MODE_TRANSACTIONAL, NULL, NULL},
	    {"create index concurrently i on t (a);", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"vacuum t;\nvacuum u;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"set statement_timeout = 0;\ncreate index concurrently i on t (a);\nreset statement_timeout;",
	     MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"\\echo start\nvacuum t;\n\\echo done\n", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: batch table=t key=id\nupdate t set a = 1;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nselect 1;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nselect 1; vacuum t;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    /* both kinds */
	    {"create table t (a int);\n\n  vacuum t;", MODE_NONTRANSACTIONAL, "cannot run VACUUM (line 3)",
	     "x.sql:3:3"},
	    {"vacuum t;\nselect 1;", MODE_NONTRANSACTIONAL, "with the statement in line 2", "x.sql:1:1"},
	    {"select 1;\n-- rung: batch table=t key=id\nupdate t set a = 1;", MODE_NONTRANSACTIONAL,
	     "cannot run a batch (line 3) in one transaction with the statement in line 1", "x.sql:3:1"},
	};

	CHECK_ROWS(rows);
}

TEST(a_file_may_bring_its_own_begin_and_commit)
{
	static const struct row rows[] = {
	    {"begin; select 1; commit;", MODE_TRANSACTIONAL, NULL, NULL},
	    {"BEGIN WORK;\nselect 1;\nEND;\n", MODE_TRANSACTIONAL, NULL, NULL},
	    {"Start  Transaction; select 1; commit transaction;", MODE_TRANSACTIONAL, NULL, NULL},
	    {"\\set x 1\n\\echo a\nbegin; select 1; commit;\n\\echo b\n", MODE_TRANSACTIONAL, NULL, NULL},
	    {"begin; commit;", MODE_TRANSACTIONAL, NULL, NULL},
	    /* but nothing else */
	    {"begin;\nselect 1;", MODE_NONTRANSACTIONAL, "cannot run begin inside", "x.sql:1:1"},
	    {"select 1;\ncommit;", MODE_NONTRANSACTIONAL, "cannot run commit inside", "x.sql:2:1"},
	    {"begin;\nselect 1;\nrollback;", MODE_NONTRANSACTIONAL, "cannot run begin inside", "x.sql:1:1"},
	    {"begin;\nselect 1;\ncommit;\nselect 2;", MODE_NONTRANSACTIONAL, "cannot run begin inside",
	     "x.sql:1:1"},
	    {"begin;\nselect 1;\ncommit;\nbegin;\nselect 2;\ncommit;", MODE_NONTRANSACTIONAL,
	     "cannot run commit inside", "x.sql:3:1"},
	    /* of a kind the file says */
	    {"begin isolation level serializable;\nselect 1;\ncommit;", MODE_OWN_TRANSACTION, NULL, NULL},
	    {"start transaction deferrable;\nselect 1;\ncommit;", MODE_OWN_TRANSACTION, NULL, NULL},
	    {"set transaction isolation level serializable;\nselect 1;", MODE_OWN_TRANSACTION, NULL, NULL},
	    {"begin;\nset local transaction_isolation = 'serializable';\nselect 1;\nend;", MODE_OWN_TRANSACTION,
	     NULL, NULL},
	    {"begin read only;\nselect 1;\ncommit;", MODE_NONTRANSACTIONAL, "READ ONLY", "x.sql:1:1"},
	    {"begin isolation level serializable;\nset transaction read /* */ only;\ncommit;",
	     MODE_NONTRANSACTIONAL, "READ ONLY", "x.sql:2:1"},
	    {"begin isolation level serializable;\nselect 1;", MODE_NONTRANSACTIONAL, "cannot run begin inside",
	     "x.sql:1:1"},
	    {"begin;\nselect 1;\ncommit and chain;", MODE_NONTRANSACTIONAL, "cannot run begin inside",
	     "x.sql:1:1"},
	    {"begin;\nprepare transaction 'a';", MODE_NONTRANSACTIONAL, "cannot run PREPARE TRANSACTION",
	     "x.sql:2:1"},
	    {"begin;\nvacuum t;\ncommit;", MODE_NONTRANSACTIONAL, "cannot run VACUUM (line 2)", "x.sql:2:1"},
	    {"select 1;\nrollback;", MODE_NONTRANSACTIONAL, "cannot run rollback inside", "x.sql:2:1"},
	};

	CHECK_ROWS(rows);
}

/* As psql, which sends them by themselves; several in one message are a transaction for some. */
TEST(nontransactional_files_hold_no_statement_that_needs_a_transaction)
{
	static const struct row rows[] = {
	    {"-- rung: transaction: none\nlock table t;", MODE_NONTRANSACTIONAL,
	     "cannot run \"lock table\" where no", "x.sql:2:1"},
	    {"-- rung: transaction: none\nsavepoint a;", MODE_NONTRANSACTIONAL, "cannot run \"savepoint a\"",
	     "x.sql:2:1"},
	    {"-- rung: transaction: none\nrollback to a;", MODE_NONTRANSACTIONAL, "cannot run \"rollback to\"",
	     "x.sql:2:1"},
	    {"-- rung: transaction: none\ndeclare c cursor for select 1;", MODE_NONTRANSACTIONAL, "\"declare c\"",
	     "x.sql:2:1"},
	    {"-- rung: transaction: none\nbegin;\ncommit;\nlock t;", MODE_NONTRANSACTIONAL,
	     "cannot run \"lock t\"", "x.sql:4:1"},
	    {"-- rung: transaction: none\nlock table t\\; select 1;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nsavepoint a\\; select 1;", MODE_NONTRANSACTIONAL, "\"savepoint a\"",
	     "x.sql:2:1"},
	    {"-- rung: transaction: none\nbegin; lock t; savepoint a; declare c cursor for select 1; commit;",
	     MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"lock t; savepoint a; declare c cursor for select 1;", MODE_TRANSACTIONAL, NULL, NULL},
	};

	CHECK_ROWS(rows);
}

TEST(nontransactional_files_may_steer_transactions_when_they_balance)
{
	static const struct row rows[] = {
	    {"-- rung: transaction: none\nbegin;\nselect 1;\ncommit;\nvacuum t;", MODE_NONTRANSACTIONAL, NULL,
	     NULL},
	    {"-- rung: transaction: none\nbegin;\nselect 1;\nrollback;\nbegin;\ncommit;", MODE_NONTRANSACTIONAL,
	     NULL, NULL},
	    {"-- rung: transaction: none\nbegin isolation level serializable;\nselect 1;\nend;",
	     MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nbegin;\nselect 1;", MODE_NONTRANSACTIONAL, "begins and never ends",
	     "x.sql:2:1"},
	    {"-- rung: transaction: none\nbegin;\n/**/prepare/**/transaction 'a';\ncommit prepared 'a';",
	     MODE_NONTRANSACTIONAL, "cannot run PREPARE TRANSACTION", "x.sql:3:5"},
	    {"-- rung: transaction: none\ncommit prepared 'a';", MODE_NONTRANSACTIONAL, NULL, NULL},
	    /* the server warns, no more */
	    {"-- rung: transaction: none\nselect 1;\ncommit;\nrollback;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nbegin;\nbegin;\ncommit;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nbegin;\nbegin;\ncommit;\nvacuum t;", MODE_NONTRANSACTIONAL, NULL, NULL},
	    /* what chains goes on */
	    {"-- rung: transaction: none\nbegin;\ncommit and chain;\nrollback work and chain;\ncommit;",
	     MODE_NONTRANSACTIONAL, NULL, NULL},
	    {"-- rung: transaction: none\nbegin;\ncommit and chain;\nselect 1;", MODE_NONTRANSACTIONAL,
	     "never ends", "x.sql:2:1"},
	    {"-- rung: transaction: none\nbegin;\ncommit and chain;\nvacuum t;\nend;", MODE_NONTRANSACTIONAL,
	     "cannot run VACUUM inside", "x.sql:4:1"},
	    {"-- rung: transaction: none\nbegin;\ncommit and no chain;\nvacuum t;", MODE_NONTRANSACTIONAL, NULL,
	     NULL},
	    {"-- rung: transaction: none\ncommit and chain;\ncommit;", MODE_NONTRANSACTIONAL,
	     "cannot run \"commit and\"", "x.sql:2:1"},
	    {"-- rung: transaction: none\nbegin;\nvacuum t;\ncommit;", MODE_NONTRANSACTIONAL,
	     "cannot run VACUUM inside the transaction that begins in line 2", "x.sql:3:1"},
	    {"-- rung: transaction: none\nselect 1\\; vacuum t;", MODE_NONTRANSACTIONAL, "joined to another",
	     "x.sql:2:12"},
	};

	CHECK_ROWS(rows);
}
