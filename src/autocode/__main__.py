"""`python -m autocode`: the command line, where its script is not on the path."""

from .cli.main import run

if __name__ == "__main__":
    run(prog_name="autocode")
