"""`python -m huiyin …` is the same program as `huiyin …`."""

from huiyin.cli.main import main

if __name__ == "__main__":
    main()
