"""Who comes in: how many, how fast, and how often they may do what."""
