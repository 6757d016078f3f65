DROP VIEW v_network_coherence;
DROP TABLE cross_reality_coherence;
DROP TABLE reality_nodes;
DROP TABLE reality_instances;
DROP TABLE reality_networks;
