import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { serverKillRounds } from './server/kill-rounds.ts'

for (const workers of [1, 2]) {
  it(`200 kills of a server with ${workers} worker(s) at random moments lose nothing that it acknowledged and leave no orphan`, async (t) => {
    const report = await serverKillRounds(200, { isBuilt: existsSync('dist/server/main.cjs'), workers })
    t.diagnostic(JSON.stringify(report))
    assert.ok(report.acknowledged > 0)
  })
}
