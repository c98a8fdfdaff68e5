"""What a campaign puts into the servers that it starts: a clock of its own, or a defect."""
