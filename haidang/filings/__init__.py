"""Cycles, obligations, filings, immutable versions, validation, submit, return, accept."""
