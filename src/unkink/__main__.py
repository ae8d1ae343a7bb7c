"""``python -m unkink`` is ``unkink``."""

from __future__ import annotations

from unkink.front.command import main

if __name__ == "__main__":
    main()
