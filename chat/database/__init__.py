"""How this process reads and writes: its threads' connections, locks on pairs, and many rows at once."""
