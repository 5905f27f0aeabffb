"""The cycles of a plan: which are proposed, asked for and opened, who owes them, until when."""
