"""Screens: filings."""
