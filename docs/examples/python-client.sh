#!/bin/sh
# Makes a Python client of the description of a running service, and consumes a consent with it:
#
#   docs/examples/python-client.sh http://localhost:3000 < consumption.json
#
# consume.py says what consumption.json holds. Needs Python 3.10 or newer, with venv; everything goes into a folder that is
# removed at the end.
set -eu
issuer="$1"
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q openapi-python-client==0.29.1 'PyJWT[crypto]==2.10.1' >&2
# It warns of /evidence/verify as application/zip, which it does not know; the operation takes JSON too.
"$work/venv/bin/openapi-python-client" generate --url "$issuer/docs/openapi.json" --meta none \
  --output-path "$work/sigill_api" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
PYTHONPATH="$work" "$work/venv/bin/python" "$here/consume.py"
