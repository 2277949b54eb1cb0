"""Figures, draft, review chain, publication."""
