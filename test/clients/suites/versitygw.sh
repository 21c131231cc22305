#!/usr/bin/env bash
# Runs versitygw's integration tests ("full flow") against a Lugsail of its own, and prints those that failed.
#   versitygw.sh FOLDER     a copy of the repository versity/versitygw, outside this one, which stays as it is; needs Go
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/server.sh"
source=$(realpath "${1:?the folder of versitygw}")
start_server
make_accounts owner user1 user2 user3 user4 user5 user6
cp -r "$source" "$work/versitygw"
"$here/versitygw/adapt.sh" "$work/versitygw"
cd "$work/versitygw"
go build -o full-flow ./cmd/full-flow
unset AWS_CA_BUNDLE
read -r OWNER_ID _ AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$ACCOUNTS"
export OWNER_ID AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL=$endpoint AWS_DEFAULT_REGION=us-east-1
./full-flow >"$work/results" 2>"$work/errors" || true
sed -i 's/\x1b\[[0-9;]*m//g' "$work/results"
grep '^FAIL' "$work/results" || true
echo "$(grep -c '^PASS' "$work/results") passed, $(grep -c '^FAIL' "$work/results") failed; $(grep -c '^MESSAGE' "$work/results") errors had another text"
