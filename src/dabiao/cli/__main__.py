"""``python -m dabiao.cli`` is the command ``dabiao``."""

from dabiao.cli import main

main()
