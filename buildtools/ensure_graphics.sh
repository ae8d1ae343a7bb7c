#!/bin/sh
# Sees to it that MediaPipe finds the system's libraries that it needs on Linux, even where nothing is drawn.
set -eu

[ "$(uname -s)" = Linux ] || exit 0
libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
missing=
case $libraries in *libEGL.so.1*) ;; *) missing="$missing libegl1" ;; esac
case $libraries in *libGLESv2.so.2*) ;; *) missing="$missing libgles2" ;; esac
[ -n "$missing" ] || exit 0

install="apt-get -q -q update && apt-get -q -q install -y --no-install-recommends$missing"
echo "Installing$missing, for the tests of videos" >&2
if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive sh -c "$install" >/dev/null && exit 0
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive sh -c "$install" >/dev/null && exit 0
    fi
fi
echo "error: the tests of videos need$missing. Debian: sudo apt-get install$missing" >&2
exit 1
