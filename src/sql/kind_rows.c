/*
 * The one table that decides what a statement is. The first row that fits counts, so a narrower pattern
 * is above the wider one it is an exception to: COMMIT PREPARED above COMMIT, CREATE SUBSCRIPTION with
 * connect = false above any other. A row with versions is passed over on other servers, and a later one may
 * fit there.
 *
 * A statement that no row knows is STATEMENT_OTHER and may leave anything behind: it runs in a transaction,
 * and the server says so where that cannot be. Of a missing row that is the price, an error or a check of
 * the session too many. A row that claims too much costs more: INERT on a statement that runs code of the
 * database would let a setting pass into the next file unseen. So claims are narrow, and held against
 * servers: cases/kinds.bats runs each sample of tests/lib/kinds.txt in a database where all that can run
 * code does.
 *
 * STATEMENT_PLAIN is what the server refuses in a transaction block: PreventInTransactionBlock() in its
 * sources. Where a version differs, a test of tests/unit/sql/kind.c says so.
 */
#include "sql/kind_rows.h"

/* What a row does not mention is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum {
	CONCURRENT = KIND_CONCURRENT,
	SESSION = KIND_SESSION,
	SETTINGS = KIND_SETTINGS,
	LOCKS = KIND_LOCKS,
	CODE = KIND_CODE,
	CHAIN = KIND_CHAIN,
	TRANSACTION = KIND_TRANSACTION,
	INERT = KIND_INERT,
	UNLESS_LITERALS = KIND_UNLESS_LITERALS,
};

#define INDEX_OF_COLUMNS \
	"?USING ?% (=) ?INCLUDE ?(=) ?NULLS ?NOT ?DISTINCT ?WITH ?(=) ?TABLESPACE ?% ?WHERE ?% ?IS ?NOT ?NULL $"
#define ALTER_COLUMN "ALTER TABLE ?IF ?EXISTS ?ONLY % ALTER ?COLUMN % "
#define ADD_COLUMN "ALTER TABLE ?IF ?EXISTS ?ONLY % ADD ?COLUMN ?IF ?NOT ?EXISTS % "

const struct kind_row kind_rows[] = {
    {"BEGIN", STATEMENT_BEGIN, .flags = SETTINGS},
    {"START TRANSACTION", STATEMENT_BEGIN, .flags = SETTINGS},
    {"COMMIT PREPARED", STATEMENT_PLAIN, PLAIN_OTHER, "COMMIT PREPARED"},
    {"COMMIT|END ?WORK|TRANSACTION AND CHAIN", STATEMENT_COMMIT, .flags = SETTINGS | CHAIN,
     .block = BLOCK_EXPLICIT},
    {"COMMIT|END", STATEMENT_COMMIT, .flags = SETTINGS},
    {"PREPARE TRANSACTION", STATEMENT_COMMIT, .flags = SETTINGS},
    {"ROLLBACK PREPARED", STATEMENT_PLAIN, PLAIN_OTHER, "ROLLBACK PREPARED"},
    {"ROLLBACK ?WORK|TRANSACTION TO", STATEMENT_SAVEPOINT, .flags = SETTINGS, .block = BLOCK_EXPLICIT},
    {"ROLLBACK|ABORT ?WORK|TRANSACTION AND CHAIN", STATEMENT_ROLLBACK, .flags = SETTINGS | CHAIN,
     .block = BLOCK_EXPLICIT},
    {"ROLLBACK|ABORT", STATEMENT_ROLLBACK, .flags = SETTINGS},
    {"SAVEPOINT|RELEASE", STATEMENT_SAVEPOINT, .flags = SETTINGS, .block = BLOCK_EXPLICIT},

    {"COPY ?BINARY % ?(*) FROM STDIN|STDOUT", STATEMENT_COPY_IN},
    {"COPY ?BINARY % ?(*) TO STDOUT|STDIN", STATEMENT_COPY_OUT},
    {"COPY (*) TO STDOUT|STDIN", STATEMENT_COPY_OUT},

    {"CREATE ?UNIQUE INDEX CONCURRENTLY", STATEMENT_PLAIN, PLAIN_INDEX_CONCURRENTLY,
     "CREATE INDEX CONCURRENTLY", CONCURRENT},
    {"DROP INDEX CONCURRENTLY", STATEMENT_PLAIN, PLAIN_DROP_INDEX_CONCURRENTLY, "DROP INDEX CONCURRENTLY",
     CONCURRENT | SETTINGS},
    {"REINDEX (+CONCURRENTLY)", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX CONCURRENTLY", CONCURRENT},
    {"REINDEX ?(*) TABLE|INDEX|SCHEMA|DATABASE|SYSTEM CONCURRENTLY", STATEMENT_PLAIN, PLAIN_REINDEX,
     "REINDEX CONCURRENTLY", CONCURRENT},
    {"REINDEX ?(*) SCHEMA", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX SCHEMA"},
    {"REINDEX ?(*) DATABASE", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX DATABASE"},
    {"REINDEX ?(*) SYSTEM", STATEMENT_PLAIN, PLAIN_REINDEX, "REINDEX SYSTEM"},
    {"ALTER TABLE ?IF ?EXISTS ?ONLY % DETACH PARTITION % CONCURRENTLY", STATEMENT_PLAIN,
     PLAIN_DETACH_CONCURRENTLY, "DETACH PARTITION CONCURRENTLY", CONCURRENT},
    {"ALTER TYPE % ADD VALUE", STATEMENT_PLAIN, PLAIN_ADD_ENUM_VALUE, "ALTER TYPE ... ADD VALUE",
     .before = 120000},

    {"CREATE DATABASE", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE DATABASE"},
    {"DROP DATABASE", STATEMENT_PLAIN, PLAIN_DROP, "DROP DATABASE"},
    {"ALTER DATABASE % SET TABLESPACE", STATEMENT_PLAIN, PLAIN_REPEATABLE,
     "ALTER DATABASE ... SET TABLESPACE"},
    {"CREATE TABLESPACE", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE TABLESPACE"},
    {"DROP TABLESPACE", STATEMENT_PLAIN, PLAIN_DROP, "DROP TABLESPACE"},

    {"CREATE SUBSCRIPTION ... WITH (-connect)", STATEMENT_OTHER},
    {"CREATE SUBSCRIPTION ... WITH (-create_slot)", STATEMENT_OTHER},
    {"CREATE SUBSCRIPTION", STATEMENT_PLAIN, PLAIN_CREATE, "CREATE SUBSCRIPTION"},
    {"DROP SUBSCRIPTION", STATEMENT_PLAIN, PLAIN_DROP, "DROP SUBSCRIPTION"},
    {"ALTER SUBSCRIPTION % SET|ADD|DROP PUBLICATION ... WITH (-refresh)", STATEMENT_OTHER},
    {"ALTER SUBSCRIPTION % REFRESH|SET PUBLICATION", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 140000},
    {"ALTER SUBSCRIPTION % ADD|DROP PUBLICATION", STATEMENT_PLAIN, PLAIN_OTHER, "ALTER SUBSCRIPTION",
     .from = 140000},
    {"ALTER SUBSCRIPTION % SET (failover)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 170000},
    {"ALTER SUBSCRIPTION % SET (two_phase)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SUBSCRIPTION",
     .from = 180000},

    {"VACUUM", STATEMENT_PLAIN, PLAIN_REPEATABLE, "VACUUM"},
    {"CLUSTER ?VERBOSE $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "CLUSTER without a table"},
    {"CLUSTER (*) $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "CLUSTER without a table"},
    {"REPACK (+CONCURRENTLY)", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK (CONCURRENTLY)", CONCURRENT},
    {"REPACK ?VERBOSE $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK without a table"},
    {"REPACK (*) $", STATEMENT_PLAIN, PLAIN_REPEATABLE, "REPACK without a table"},
    {"ALTER SYSTEM", STATEMENT_PLAIN, PLAIN_REPEATABLE, "ALTER SYSTEM", SETTINGS},

    {"DISCARD ALL", STATEMENT_PLAIN, PLAIN_REPEATABLE, "DISCARD ALL", SESSION},
    {"DISCARD|RESET", STATEMENT_OTHER, .flags = SESSION | SETTINGS},
    {"SET TRANSACTION", STATEMENT_OTHER, .flags = SETTINGS | TRANSACTION, .block = BLOCK_WANTED},
    {"SET LOCAL transaction_isolation|transaction_read_only|transaction_deferrable", STATEMENT_OTHER,
     .flags = SETTINGS | TRANSACTION, .block = BLOCK_WANTED},
    {"SET ?SESSION transaction_isolation|transaction_read_only|transaction_deferrable", STATEMENT_OTHER,
     .flags = SESSION | SETTINGS | TRANSACTION},
    {"SET LOCAL", STATEMENT_OTHER, .flags = SETTINGS, .block = BLOCK_WANTED},
    {"SET CONSTRAINTS", STATEMENT_OTHER, .block = BLOCK_WANTED},
    {"SET", STATEMENT_OTHER, .flags = SESSION | SETTINGS},
    {"SELECT|WITH ... set_config", STATEMENT_OTHER, .flags = SESSION},

    {"SELECT ?pg_catalog ?. pg_advisory_lock|pg_advisory_lock_shared|pg_advisory_unlock|pg_advisory_unlock_"
     "shared|pg_try_advisory_lock|pg_try_advisory_lock_shared (*) $",
     STATEMENT_OTHER, .flags = LOCKS},

    {"LOAD", STATEMENT_OTHER, .flags = SESSION | SETTINGS},
    {"PREPARE", STATEMENT_OTHER, .flags = SETTINGS | UNLESS_LITERALS, .kept = KEPT_PREPARED},
    {"DECLARE ... WITH HOLD", STATEMENT_OTHER, .kept = KEPT_CURSOR},
    {"DECLARE", STATEMENT_OTHER, .block = BLOCK_NEEDED},
    {"LOCK", STATEMENT_OTHER, .flags = INERT, .block = BLOCK_NEEDED},
    {"SELECT ... INTO ?GLOBAL|LOCAL TEMP|TEMPORARY", STATEMENT_OTHER, .kept = KEPT_TEMPORARY},
    {"CREATE ?OR ?REPLACE ?GLOBAL|LOCAL TEMP|TEMPORARY", STATEMENT_OTHER, .kept = KEPT_TEMPORARY},
    {"CREATE ?OR ?REPLACE ?UNLOGGED TABLE|VIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|AGGREGATE ?IF ?NOT "
     "?EXISTS pg_temp",
     STATEMENT_OTHER, .kept = KEPT_TEMPORARY},

    /*
     * What runs none of the database's code, given that nothing makes every statement do so. Whatever is not
     * here may: functions called by name, by a default, a check or a cast, and triggers.
     *
     * The server calls a function, if only to see what it comes to, in the bounds and keys of partitions, in
     * what a column is generated from, in expressions of an index, in a check that might spare it a look at
     * the rows, and in the validator of a foreign server. (It builds an index with settings of its own, but
     * advisory locks stay.) A default or a check of a new table, a view, a rule or a policy it just keeps,
     * having read its literals.
     *
     * Of the types of new columns only the names are known here: those of the server's own are taken for it.
     *
     * What does make every statement run code, or any that comes near it: event triggers, operator classes
     * whose functions are of the database, partition keys with expressions, and types with modifiers of their
     * own (history/facts.sql). KIND_CODE marks what may bring those.
     */
    {"CREATE ?UNLOGGED TABLE ... PARTITION BY RANGE|LIST|HASH (~)", STATEMENT_OTHER, .flags = CODE},
    {"CREATE ?UNLOGGED TABLE ?IF ?NOT ?EXISTS % ?(*) ... AS", STATEMENT_OTHER},
    {"CREATE ?UNLOGGED TABLE ... PARTITION OF", STATEMENT_OTHER},
    {"CREATE ?UNLOGGED TABLE ... EXCLUDE|INCLUDING", STATEMENT_OTHER},
    {"CREATE ?UNLOGGED TABLE ... AS (*)", STATEMENT_OTHER},
    {"CREATE ?UNLOGGED TABLE", STATEMENT_OTHER, .flags = INERT | UNLESS_LITERALS},
    {"CREATE ?UNIQUE INDEX ON ?ONLY % " INDEX_OF_COLUMNS, STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?UNIQUE INDEX ?IF ?NOT ?EXISTS % ON ?ONLY % " INDEX_OF_COLUMNS, STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?OR ?REPLACE ?RECURSIVE VIEW", STATEMENT_OTHER, .flags = INERT | UNLESS_LITERALS},
    {"CREATE SEQUENCE", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?OR ?REPLACE FUNCTION|PROCEDURE ... ATOMIC", STATEMENT_OTHER},
    {"CREATE ?OR ?REPLACE FUNCTION|PROCEDURE ... LANGUAGE PLPGSQL|'PLPGSQL'", STATEMENT_OTHER,
     .flags = INERT | UNLESS_LITERALS},
    {"CREATE TYPE % AS ENUM|RANGE (*) $", STATEMENT_OTHER, .flags = INERT},
    {"CREATE TYPE % AS (*) $", STATEMENT_OTHER, .flags = INERT},
    {"CREATE TYPE % (*)", STATEMENT_OTHER, .flags = CODE},
    {"CREATE DOMAIN", STATEMENT_OTHER, .flags = INERT | UNLESS_LITERALS},
    {"CREATE SCHEMA ?IF ?NOT ?EXISTS % ?AUTHORIZATION ?% $", STATEMENT_OTHER, .flags = INERT},
    {"CREATE USER MAPPING", STATEMENT_OTHER},
    {"CREATE ROLE|USER|GROUP", STATEMENT_OTHER, .flags = INERT},
    {"CREATE ?OR ?REPLACE ?CONSTRAINT POLICY|TRIGGER|RULE|PUBLICATION|STATISTICS", STATEMENT_OTHER,
     .flags = INERT | UNLESS_LITERALS},
    {"CREATE|ALTER OPERATOR CLASS|FAMILY", STATEMENT_OTHER, .flags = CODE},
    {"CREATE CAST|OPERATOR|COLLATION", STATEMENT_OTHER, .flags = INERT},
    {"CREATE|ALTER EVENT|EXTENSION", STATEMENT_OTHER, .flags = CODE},

    {"ALTER TABLE|VIEW|INDEX|SEQUENCE|SCHEMA|TYPE|DOMAIN ?IF ?EXISTS ?ONLY % RENAME", STATEMENT_OTHER,
     .flags = INERT},
    {"ALTER POLICY|TRIGGER|RULE ?IF ?EXISTS % ON ?ONLY % RENAME", STATEMENT_OTHER, .flags = INERT},
    {"ALTER FUNCTION|PROCEDURE|ROUTINE % ?(*) RENAME|OWNER TO % $", STATEMENT_OTHER, .flags = INERT},
    {"ALTER TABLE|VIEW|SEQUENCE|SCHEMA|TYPE|DOMAIN ?IF ?EXISTS ?ONLY % OWNER TO % $", STATEMENT_OTHER,
     .flags = INERT},
    {"ALTER TABLE|VIEW|SEQUENCE|TYPE|DOMAIN ?IF ?EXISTS ?ONLY % SET SCHEMA % $", STATEMENT_OTHER,
     .flags = INERT},
    {"ALTER TABLE ?IF ?EXISTS ?ONLY % DROP ?COLUMN|CONSTRAINT ?IF ?EXISTS % ?CASCADE|RESTRICT $",
     STATEMENT_OTHER, .flags = INERT},
    {ALTER_COLUMN "DROP DEFAULT $", STATEMENT_OTHER, .flags = INERT},
    {ALTER_COLUMN "DROP NOT NULL $", STATEMENT_OTHER, .flags = INERT},
    {ALTER_COLUMN "SET DEFAULT ?# ?' ?:: ?% ?(=) $", STATEMENT_OTHER, .flags = INERT | UNLESS_LITERALS},
    {"ALTER TABLE ?IF ?EXISTS ?ONLY % ?NO ENABLE|DISABLE|FORCE ROW LEVEL SECURITY $", STATEMENT_OTHER,
     .flags = INERT},
    {"ALTER TABLE ?IF ?EXISTS ?ONLY % ENABLE|DISABLE ?REPLICA|ALWAYS TRIGGER|RULE % $", STATEMENT_OTHER,
     .flags = INERT},
    {ADD_COLUMN "SMALLINT|INT|INTEGER|BIGINT|REAL|NUMERIC|DECIMAL ?(=) ?NOT ?NULL ?DEFAULT ?# ?NOT "
                "?NULL $",
     STATEMENT_OTHER, .flags = INERT},
    {ADD_COLUMN "BOOL|BOOLEAN ?NOT ?NULL ?DEFAULT ?TRUE|FALSE ?NOT ?NULL $", STATEMENT_OTHER, .flags = INERT},
    {ADD_COLUMN "TEXT|VARCHAR|CHARACTER|CHAR|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|UUID|JSON|JSONB|BYTEA "
                "?VARYING ?(=) ?WITH|WITHOUT ?TIME ?ZONE ?NOT ?NULL ?DEFAULT ?' ?NOT ?NULL $",
     STATEMENT_OTHER, .flags = INERT},
    {"ALTER USER MAPPING", STATEMENT_OTHER},
    {"ALTER SEQUENCE|ROLE|USER|GROUP|DATABASE|DEFAULT", STATEMENT_OTHER, .flags = INERT},

    {"COMMENT|GRANT|REVOKE|DROP|DEALLOCATE|NOTIFY|UNLISTEN|SHOW", STATEMENT_OTHER, .flags = INERT},
};

const size_t kind_row_count = sizeof(kind_rows) / sizeof(*kind_rows);
