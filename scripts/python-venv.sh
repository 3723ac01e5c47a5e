#!/usr/bin/env bash
# Installs what checks in Python need, unless it is there: scripts/python-venv.sh VENV REQUIREMENTS MODULES
# MODULES is what the installed packages are imported as, separated by commas.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=$1 requirements=$2 modules=$3

# Whether what is required was installed here once, and still runs: a newer Python leaves the packages of the older behind.
is_complete() {
    cmp -s "$requirements" "$venv/requirements.txt" &&
        "$venv/bin/python" -c "import $modules" 2>/dev/null </dev/null
}

if ! is_complete; then
    echo "installing $requirements into $venv"
    python3 -m venv --clear "$venv" </dev/null
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$requirements" \
        </dev/null
    # Last, so that what was broken off is begun again.
    cp "$requirements" "$venv/requirements.txt"
fi
