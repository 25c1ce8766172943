#!/bin/sh
# What the machine itself must have before `make` can do the rest.
#
#   tools/system_packages.sh run        to run the program
#   tools/system_packages.sh test       to test it in a browser as well
#   tools/system_packages.sh postgres   to test it on PostgreSQL as well
#   tools/system_packages.sh browser    print the path of the Chromium the tests use
#
# Installs with apt when root; otherwise prints the one line to run, and stops.
set -eu

level=${1:-run}
python=${PY:-python3}

say() { printf '%s\n' "$*" >&2; }

browser() {
    if [ -n "${CHROMIUM:-}" ]; then
        command -v "$CHROMIUM" && return
        say "CHROMIUM=$CHROMIUM is not a program that can be run."
        return 1
    fi
    # The headless shell draws no window around the page: the flows take two thirds of the time.
    for name in chromium-headless-shell chromium google-chrome google-chrome-stable chromium-browser; do
        path=$(command -v "$name") || continue
        # Ubuntu's chromium-browser is a script that only asks for a snap.
        [ "$name" = chromium-browser ] && ! "$path" --version >/dev/null 2>&1 && continue
        printf '%s\n' "$path"
        return
    done
    return 1
}

if [ "$level" = browser ]; then
    browser || { say "No Chromium was found. Install it, or name it: make test CHROMIUM=/path/to/chrome"; exit 1; }
    exit
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Python 3.11 or newer is needed; '$python' is not: $("$python" --version 2>&1 | head -n 1)"
    say "Name another one if there is one: make PY=/path/to/python3.11"
    exit 1
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "This is neither Debian nor Ubuntu. Needed from the system: Pango 1.44 or newer,"
    say "HarfBuzz with its subset library, and gettext (msgfmt)."
    case $level in test|postgres) say "For the tests also Chromium, poppler-utils (pdftoppm), qpdf and libatomic." ;; esac
    [ "$level" = postgres ] && say "For the tests on PostgreSQL its server programs (initdb)."
    command -v msgfmt >/dev/null 2>&1 || { say "gettext's msgfmt is missing."; exit 1; }
    exit 0      # whether Pango is there shows when weasyprint is imported
fi

installed() {
    # Newer releases renamed some libraries with t64 at the end.
    for name in "$1" "$1t64"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) in installed) return 0 ;; esac
    done
    return 1
}

missing=
need() { installed "$1" || missing="$missing $1"; }

# Only a Python from Debian keeps venv in a package of its own.
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
need libpangoft2-1.0-0
need libharfbuzz-subset0
command -v make >/dev/null 2>&1 || missing="$missing make"
command -v msgfmt >/dev/null 2>&1 || missing="$missing gettext"
wants_browser=
case $level in
    test|postgres)
        need poppler-utils
        need qpdf
        need libatomic1     # the program that drives the browser is linked to it
        if [ -n "${CHROMIUM:-}" ]; then
            browser >/dev/null
        elif ! browser >/dev/null; then
            missing="$missing chromium"
            wants_browser=yes
        fi
        ;;
esac
if [ "$level" = postgres ] && ! command -v initdb >/dev/null 2>&1 \
    && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    missing="$missing postgresql"
fi
missing=${missing# }
[ -z "$missing" ] && exit 0

candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -v '(none)' || true; }

no_chromium() {
    # Ubuntu has Chromium as a snap only, and its package merely points there.
    case $(candidate chromium) in ''|*snap*) ;; *) return 1 ;; esac
    say "This system has no Chromium package (Ubuntu offers it as a snap, which cannot be driven from a test)."
    say "Install Google Chrome, or another Chromium that is not a snap, and run: make test CHROMIUM=/path/to/chrome"
}

if [ "$(id -u)" -eq 0 ]; then
    say "Installing: $missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    if [ -n "$wants_browser" ] && [ -n "$(candidate chromium-headless-shell)" ]; then
        missing=$(printf '%s' " $missing" | sed 's/ chromium$/ chromium-headless-shell/; s/ chromium / chromium-headless-shell /; s/^ //')
    elif [ -n "$wants_browser" ] && no_chromium; then
        exit 1
    fi
    # shellcheck disable=SC2086  # a list of names
    apt-get install -y -qq --no-install-recommends $missing >&2 </dev/null
else
    # Without fresh lists a package that exists may look as if it did not; Ubuntu tells for certain.
    if [ -n "$wants_browser" ] && grep -qs '^ID=ubuntu' /etc/os-release && no_chromium; then
        missing=$(printf '%s' " $missing" | sed 's/ chromium\b//; s/^ //')
        [ -z "$missing" ] && exit 1
    fi
    say "Some system packages are missing. Run this, and then make again:"
    say ""
    say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
    say ""
    exit 1
fi
