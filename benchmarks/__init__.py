"""How fast the whole is, measured: `python -m benchmarks`. Nothing of the program needs what is here."""
