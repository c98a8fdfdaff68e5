"""What belongs to one socket: its life, what comes in and what goes out."""
