#!/usr/bin/env bash
# What takes too long for each change: the long tests, and a sample of planted faults that another day's seed chooses. Ends with 1 when a test fails,
# or when more faults than the bound go unnoticed: it is what was seen of all of src, less what chance does, and not yet the goal (docs/testing.md).
set -euo pipefail
cd "$(dirname "$0")/.."
npm run --silent build
LUGSAIL_LONG_TESTS=1 LUGSAIL_TEST_BUILT=1 LUGSAIL_TEST_SEED=random npm run --silent test:run
npm run --silent mutate -- --sample 200 --seed "$(date -u +%Y%m%d)" --noticed-min 60
