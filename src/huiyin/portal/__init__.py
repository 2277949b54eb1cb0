"""Customers' pages: report, track, read; no account needed."""
