DROP TRIGGER quantum_neurons_state ON quantum_neurons;
DROP FUNCTION track_quantum_state();
DROP TABLE quantum_state_changes;
DROP TABLE quantum_entanglements;
DROP TABLE quantum_processes;
DROP TABLE quantum_neurons;
DROP TYPE quantum_state;
