"""Screens: plans."""
