-- Only what the migration brought: whoever made more of it keeps us from taking it away.
DELETE FROM reality_networks n USING users u
 WHERE n.owner_id = u.id AND u.username = 'demo' AND n.name = 'demo network';
DELETE FROM quantum_neurons WHERE label IN ('alpha', 'beta', 'gamma');
DELETE FROM users WHERE username IN ('admin', 'demo', 'researcher');
