"""The guarded doors: one function per noun, who sees what, 404 for the rest."""
