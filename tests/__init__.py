"""The protocol's story: one file for each query, one class for each behaviour; then sockets, limits and faults."""
