#!/bin/sh
# Sees to it that the tests find a Chromium. UNKINK_CHROMIUM names one in an unusual place.
set -eu

if [ -n "${UNKINK_CHROMIUM:-}" ]; then
    [ -x "$UNKINK_CHROMIUM" ] && exit 0
    echo "error: UNKINK_CHROMIUM is $UNKINK_CHROMIUM, which cannot be run" >&2
    exit 1
fi
[ -x /usr/bin/chromium ] && exit 0

install="apt-get -q -q update && apt-get -q -q install -y --no-install-recommends chromium"
echo "No /usr/bin/chromium; installing the package chromium" >&2
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive sh -c "$install" >/dev/null && exit 0
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive sh -c "$install" >/dev/null && exit 0
    fi
fi
echo "error: the tests need Chromium. Debian: sudo apt-get install chromium" >&2
echo "Elsewhere: set UNKINK_CHROMIUM to the path of a Chromium or Chrome" >&2
exit 1
