"""Workbooks: the .xlsx of a filing, out to its agency and back, one at a time and in bulk."""
