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

as_root() { # a command that only root may run: run it, or say which it is and stop
    if [ "$(id -u)" -eq 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    else
        stop "please run:  sudo $*   and then the same make command again"
    fi
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

make_venv() {
    python=$(find_python)
    echo "kneetrack: setting up .venv with $("$python" --version) (a few minutes, once)"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        command -v apt-get >/dev/null || stop "$python lacks the venv module; install it first"
        as_root apt-get install -y "python$version-venv"
    fi
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --disable-pip-version-check -e '.[dev]'
}

install_system_libraries() { # what OpenCV and MediaPipe load from outside their wheels
    missing=$("$venv/bin/python" -c 'from kneetrack.doctor import missing_system_packages as m; print(*m())')
    if [ -n "$missing" ]; then
        command -v apt-get >/dev/null ||
            stop "OpenCV and MediaPipe need libGL, libEGL, libGLESv2 and GLib; install them first"
        [ "$(id -u)" -ne 0 ] || apt-get update
        # shellcheck disable=SC2086 # one word a package
        as_root apt-get install -y --no-install-recommends $missing
    fi
    "$venv/bin/python" -c 'import cv2, mediapipe' ||
        stop "OpenCV or MediaPipe does not load (above); .venv/bin/kneetrack doctor says more"
}

state="$(pwd) $(cat pyproject.toml scripts/setup.sh | cksum)"
if [ "$(cat "$venv/ready" 2>/dev/null)" = "$state" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi
make_venv
install_system_libraries
printf '%s\n' "$state" >"$venv/ready"
echo "kneetrack: .venv is ready"
