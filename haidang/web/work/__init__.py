"""Screens: work."""
