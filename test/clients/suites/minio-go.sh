#!/usr/bin/env bash
# Runs minio-go's functional tests against a Lugsail of its own, and prints the tests that failed and how many passed.
#   minio-go.sh FOLDER     a copy of the repository minio/minio-go, outside this one; needs Go
set -euo pipefail
source "$(dirname "$0")/server.sh"
source=$(realpath "${1:?the folder of minio-go}")
start_server
(cd "$source" && go build -o "$work/functional-tests" functional_tests.go)
export SERVER_ENDPOINT=${endpoint#http://} ACCESS_KEY=$access_key SECRET_KEY=$secret_key ENABLE_HTTPS=0 MINT_MODE=full RUN_ON_FAIL=1
"$work/functional-tests" >"$work/results" 2>"$work/errors" || true
node -e '
const lines = require("fs").readFileSync(process.argv[1], "utf8").split("\n").filter((line) => line.startsWith("{"))
const tests = lines.map((line) => JSON.parse(line))
const failed = new Map(tests.filter(({ status }) => status === "FAIL").map((test) => [test.name, `${test.message}: ${test.error ?? ""}`]))
for (const [name, why] of failed) console.log(`${name}: ${why.slice(0, 300)}`)
const names = new Set(tests.map(({ name }) => name))
console.log(`${names.size - failed.size} passed, ${failed.size} failed`)
' "$work/results"
