"""`python -m shouwang.cli`: the same program without the console script."""

from . import main

main()
