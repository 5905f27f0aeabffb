"""People and their roles, passwords, and the journal of what was done."""
