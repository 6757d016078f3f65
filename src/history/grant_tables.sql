-- What a role needs that runs migrations but does not own the tables; the role's name takes the place of current_user. Only printed.
GRANT SELECT, INSERT, UPDATE, DELETE ON :"history", :"history_log", :"history_run", :"history_step", :"history_batch" TO current_user
