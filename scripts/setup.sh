#!/bin/sh
# Make .venv ready for "make demo" and "make test". Instant when nothing has changed since.
# PYTHON=/path/to/python3.12 chooses the interpreter. pip's own configuration is respected.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

stop() {
    printf '\nkneetrack: %s\n' "$*" >&2
    exit 1
}

find_python() { # the first interpreter that kneetrack supports
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    found=$("${PYTHON:-python3}" --version 2>&1) || found="no ${PYTHON:-python3}"
    stop "needs Python 3.11 to 3.14 and found $found. Install a newer one and name it:  make PYTHON=python3.12 demo"
}

missing_packages() { # what OpenCV, MediaPipe and venv need from the system
    "$python" -c 'import ensurepip' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    "$python" kneetrack/doctor/system.py
}

install_packages() { # as root install them, else say how
    if ! command -v apt-get >/dev/null; then
        stop "needs what Debian calls $*. Install that and run the same make command again"
    elif [ "$(id -u)" -ne 0 ]; then
        stop "please run this line, then the same make command again:
sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

state="$(pwd) $(cat pyproject.toml scripts/setup.sh | cksum)"
if [ "$(cat "$venv/ready" 2>/dev/null)" = "$state" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi
python=$(find_python)
packages=$(missing_packages)
# shellcheck disable=SC2086 # one word a package
[ -z "$packages" ] || install_packages $packages
echo "kneetrack: setting up .venv with $("$python" --version) (a few minutes, once)"
"$python" -m venv --clear "$venv"
"$venv/bin/python" -m pip install --disable-pip-version-check -e '.[dev]'
"$venv/bin/python" -c 'import cv2, mediapipe' || stop "OpenCV or MediaPipe does not load, see above"
printf '%s\n' "$state" >"$venv/ready"
echo "kneetrack: .venv is ready"
