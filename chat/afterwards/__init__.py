"""What is done with messages some seconds after they were stored, by whoever has the time."""
