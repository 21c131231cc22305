#!/usr/bin/env bash
# What takes too long for each change: the long tests, the site of the documents, a comparison with the build of the day before, and a sample of planted faults that another day's seed
# chooses. Ends with 1 when a test fails, when a workload became slower, or when more faults than a bound go unnoticed: it is what was seen, less what chance
# does (docs/testing.md).
set -euo pipefail
cd "$(dirname "$0")/.."
npm run --silent build
LUGSAIL_LONG_TESTS=1 LUGSAIL_TEST_BUILT=1 LUGSAIL_TEST_SEED=random npm run --silent test:run
npm run --silent docs:site

# The commit that was the newest one a day ago; in a checkout without a history there is none.
before=$(git rev-list -1 --before='1 day ago' HEAD 2>/dev/null || true)
if [ -n "$before" ] && [ "$before" != "$(git rev-parse HEAD)" ]; then
  other=$(mktemp -d)
  trap 'git worktree remove --force "$other/before"; rmdir "$other"' EXIT
  git worktree add --quiet --detach "$other/before" "$before"
  (cd "$other/before" && npm ci --silent && npm run --silent build)
  node --import tsx benchmarks/compare.ts "$other/before"
fi

# Shown, and nothing is asked of it.
npm run --silent coverage

seed=$(date -u +%Y%m%d)
npm run --silent mutate -- --sample 200 --seed "$seed" --noticed-min 82
# The rooms where a fault costs most: signatures, rights, keys, objects.
rooms=(src/auth src/service/{authorization,access-keys,application-keys,objects,versions})
npm run --silent mutate -- --sample 120 --seed "$seed" --noticed-min 87 "${rooms[@]/#/--only=}"
