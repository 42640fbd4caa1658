#!/usr/bin/env bash
# What `npm run test:real` needs beyond npm, on Debian as root: a browser, Java with Maven, Go, Python packages.
set -euo pipefail
cd "$(dirname "$0")"
need=()
command -v chromium >/dev/null || need+=(chromium)
command -v mvn >/dev/null || need+=(maven)
command -v java >/dev/null || need+=(openjdk-17-jre-headless)
command -v go >/dev/null || need+=(golang-go)
python3 -c 'import ensurepip, venv' 2>/dev/null || need+=(python3-venv)
if [ "${#need[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
fi
python3 -m venv ../../.cache/python
../../.cache/python/bin/pip install -q --disable-pip-version-check -r python-requirements.txt
# Apart from the others: the linters want other versions of the same packages.
python3 -m venv ../../.cache/python-lint
../../.cache/python-lint/bin/pip install -q --disable-pip-version-check -r lint/requirements.txt
