"""Command line of the build: ``python -m buildtools build | packages | npm ... | node``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from buildtools.page import Page, PageBuildError, find_node
from buildtools.pose_bundle import PoseBundleError

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m buildtools")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser(
        "build", help="build the page and the pose models where they are missing or old"
    )
    build.add_argument("--force", action="store_true", help="even if they are current")
    commands.add_parser("packages", help="install the npm packages of the page")
    npm = commands.add_parser("npm", help="run npm in ui/ with the same Node")
    npm.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("node", help="say where that Node is")
    options = parser.parse_args()
    page = Page(ROOT)
    try:
        match options.command:
            case "build":
                if not page.build(is_forced=options.force):
                    print("ui: current", file=sys.stderr)
            case "packages":
                page.install_packages()
            case "node":
                print(find_node())
            case _:
                page.run_npm(*options.arguments)
    except (PageBuildError, PoseBundleError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
