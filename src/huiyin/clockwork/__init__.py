"""Timed work and the worker."""
