"""Chasing: the board over due dates, what is told and done on it, reminders and the urging letter."""
