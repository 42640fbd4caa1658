#!/usr/bin/env bash
# What `npm run test:real` needs beyond npm, on Debian as root: a browser, Java with Maven, Go, Python packages. Rust (cargo)
# must be there already: Debian's is too old for the SDK.
set -euo pipefail
cd "$(dirname "$0")"
need=()
command -v chromium >/dev/null || need+=(chromium)
command -v mvn >/dev/null || need+=(maven)
command -v javac >/dev/null || need+=(openjdk-17-jdk-headless)
command -v go >/dev/null || need+=(golang-go)
python3 -c 'import ensurepip, venv' 2>/dev/null || need+=(python3-venv)
if [ "${#need[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
fi
# A Python environment of its own with the packages of a list: name, list.
packages() {
  python3 -m venv "../../.cache/$1"
  "../../.cache/$1/bin/pip" install -q --disable-pip-version-check -r "$2"
}
packages python python-requirements.txt
# Apart from the others: the linters want other versions of the same packages.
packages python-lint lint/requirements.txt
packages python-checkov lint/checkov-requirements.txt
bash engine/build-cli.sh
