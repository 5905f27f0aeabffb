"""Screens: figures."""
