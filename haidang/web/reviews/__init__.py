"""Screens: reviews."""
