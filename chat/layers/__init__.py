"""Channel layers that carry events to sockets at a cost that grows with the receivers, not with all sockets."""
