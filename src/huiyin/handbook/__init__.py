"""Procedures as data: clauses, limits, recurring duties, chains, forms."""
