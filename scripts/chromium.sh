#!/bin/sh
# A browser for the tests of the pages: Debian's Chromium, where there is none and root may install.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "to test the pages in a browser: sudo apt-get install -y --no-install-recommends chromium" >&2
    exit 1
fi
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
