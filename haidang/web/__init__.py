"""Screens, one sub-folder a room; thin, through queries and actions only."""
