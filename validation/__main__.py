"""``python -m validation [in-browser] [FOLDER]``: compare what is measured with what is true."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from validation import in_browser, recorded

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def main() -> int:
    """Run what is asked for; without words, the recorded landmarks that ship with the tests."""
    parser = argparse.ArgumentParser(prog="validation")
    parser.add_argument("what", nargs="?", choices=("recorded", "in-browser"), default="recorded")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument(
        "--restart", action="store_true", help="restart the server before looking at Progress"
    )
    wish = parser.parse_args()
    if wish.what == "in-browser":
        return in_browser.main(wish.folder or SHARED / "clips", tuple(wish.only), restart=wish.restart)
    return recorded.main(wish.folder)


if __name__ == "__main__":
    sys.exit(main())
