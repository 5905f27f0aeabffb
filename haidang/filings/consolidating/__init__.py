"""Putting together: own figures beside those of the agencies below, and their sum."""
