-- Nothing to undo: a value is as good as none for whoever does not require one.
SELECT;
