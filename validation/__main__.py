"""``python -m validation [WHAT] [FOLDER]``: compare what is measured with what is true."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from validation import in_browser, recorded
from validation.accuracy import running

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
WHAT = {
    "accuracy": "every quantity against truth: a table and what falls short (the default)",
    "freeze": "the same, and write tables, pictures and docs/accuracy.md of this version",
    "document": "write docs/accuracy.md from the frozen tables",
    "render": "render the kept-apart clips into FOLDER and pack their landmarks anew",
    "lives": "a thousand simulated lives through the safety rules: writes docs/safety-simulation.md",
    "recorded": "holds, repetitions and faults of recorded landmarks in FOLDER",
    "in-browser": "the real page in Chromium, clips of FOLDER as its camera",
}


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        prog="validation",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name:12}{text}" for name, text in WHAT.items()),
    )
    parser.add_argument("what", nargs="?", choices=tuple(WHAT), default="accuracy")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument(
        "--restart", action="store_true", help="restart the server before looking at Progress"
    )
    wish = parser.parse_args()
    if wish.what == "in-browser":
        return in_browser.main(wish.folder or SHARED / "clips", tuple(wish.only), restart=wish.restart)
    if wish.what == "lives":
        from validation.lives import running as lives

        return lives.main()
    if wish.what == "recorded":
        return recorded.main(wish.folder)
    return running.main(wish.what, wish.folder)


if __name__ == "__main__":
    sys.exit(main())
