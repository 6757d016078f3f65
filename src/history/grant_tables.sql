-- What a role needs that runs migrations but does not own the tables; the role's name takes the place of current_user. Only printed.
GRANT SELECT, INSERT, UPDATE, DELETE ON :history_list TO current_user
