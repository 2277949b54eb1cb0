"""Django's SQLite, with this process's writers waiting in a queue. Settings: DATABASES ENGINE = "huiyin.kit.sqlite"."""
