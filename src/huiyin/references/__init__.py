"""The readable number of every business object, its one sight rule, and the search index."""
