#!/usr/bin/env bash
# Builds the Pulumi command line that cli/go.mod pins into .cache/pulumi-cli/bin, from the Go module proxy. Does
# nothing where it is there already; else it takes about 7 minutes of CPU time.
set -euo pipefail
cd "$(dirname "$0")/cli"
command=$(realpath -m ../../../../.cache/pulumi-cli/bin/pulumi)
version=$(sed -n 's#.*github.com/pulumi/pulumi/pkg/v3 \(v[0-9.]*\).*#\1#p' go.mod)
if [ "$(PULUMI_SKIP_UPDATE_CHECK=true "$command" version 2>/dev/null)" = "$version" ]; then exit 0; fi

go=go
# From 1.21 on, Go fetches the version that go.mod asks for. Debian's is older and has to be helped.
export GOTOOLCHAIN=auto
if [ "$(printf '%s\n' go1.21 "$(go env GOVERSION)" | sort -V | head -1)" != go1.21 ]; then
  wanted=$(sed -n 's/^go //p' go.mod)
  module="golang.org/toolchain@v0.0.1-go$wanted.$(go env GOOS)-$(go env GOARCH)"
  # Outside of this module, whose go.mod such an old Go cannot read.
  (cd / && go mod download "$module")
  toolchain="$(go env GOMODCACHE)/$module"
  # A module's files come without the right to be run.
  find "$toolchain/bin" "$toolchain/pkg/tool" -type f -exec chmod +x {} +
  go="$toolchain/bin/go"
  export GOROOT="$toolchain"
fi
echo "building the Pulumi command line $version"
# The version makes it a release: the Automation API refuses one that has none.
nice "$go" build -trimpath -buildvcs=false \
  -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" \
  -o "$command" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
