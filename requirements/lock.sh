#!/usr/bin/env bash
# Writes the lock files again: names, versions and hashes, no addresses.
set -euo pipefail
cd "$(dirname "$0")"
for name in runtime dev node; do
    ../.venv/bin/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --generate-hashes --python-version 3.11 "$name.in" -o "$name.lock"
done
