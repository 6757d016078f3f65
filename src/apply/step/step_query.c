#include "apply/step/step_query.h"

const struct prepared_query step_queries[STEP_QUERY_COUNT] = {
    [STEP_BEGIN] = {"rung_begin", "BEGIN", 0},
    [STEP_COMMIT] = {"rung_commit", "COMMIT", 0},
    [STEP_LIMITS] = {"rung_limits", SQL_step_limits, 140000},
    [STEP_LIMITS_BEFORE_14] = {"rung_limits_before_14", SQL_step_limits_before_14, 0},
    [STEP_RESTORE_USER] = {"rung_restore_user", "SET SESSION AUTHORIZATION DEFAULT", 0},
    [STEP_RESTORE_ROLE] = {"rung_restore_role", "RESET ROLE", 0},
    [STEP_RESTORE_SETTINGS] = {"rung_restore_settings", "RESET ALL", 0},
    [STEP_SETTLE] = {"rung_settle", "SET CONSTRAINTS ALL IMMEDIATE", 0},
    [STEP_CLOSE_CURSORS] = {"rung_close_cursors", "CLOSE ALL", 0},
    [STEP_DISCARD_TEMPORARY] = {"rung_discard_temporary", "DISCARD TEMP", 0},
    [STEP_DISCARD_SEQUENCES] = {"rung_discard_sequences", "DISCARD SEQUENCES", 0},
    [STEP_UNLISTEN] = {"rung_unlisten", "UNLISTEN *", 0},
    [STEP_CHECK_USER] = {"rung_check_user", SQL_step_check_user, 0},
    [STEP_CHECK_SESSION] = {"rung_check_session", SQL_step_check_session, 0},
};
