"""python -m presslab.cli does what presslab does."""

from . import main

main()
