"""python -m analysis.cli does what presslab does."""

from . import main

main()
