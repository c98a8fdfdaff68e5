"""Finding messages by what they say, among all that were ever sent."""
