"""回音 Huiyin: written procedures for talking with the people you serve, kept and shown to be kept."""

__version__ = "0.1.0"
