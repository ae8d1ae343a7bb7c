#!/bin/sh
# Makes a virtual environment with the first Python that is new enough: make_venv.sh FOLDER
# Set PYTHON to choose another one.
set -eu

folder=$1

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

python=
for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "error: Python 3.11 or later is needed. Debian and Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

# The environment is made whole or not at all.
rm -rf "$folder"
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$folder"
    exit
fi

# Debian and Ubuntu keep these two parts of Python in a package of their own.
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
echo "This Python $version comes without venv: it is in the package python$version-venv" >&2
if command -v apt-get >/dev/null \
    && as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        "apt-get -q -q update && apt-get -q -q install -y --no-install-recommends python$version-venv" >/dev/null \
    && "$python" -m venv "$folder"; then
    exit
fi
rm -rf "$folder"
echo "error: it could not be installed from here. Please run: sudo apt-get install python$version-venv" >&2
exit 1
