"""Passwords in tests: the product's own way of hashing them, made light. How dear it is in earnest is for settings to say."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LightArgon2(Argon2PasswordHasher):
    """Argon2 with as little time and memory as it takes."""

    time_cost, memory_cost, parallelism = 1, 8, 1
