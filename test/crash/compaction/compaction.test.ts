import assert from 'node:assert/strict'
import { it } from 'node:test'
import { compactionRounds } from './rounds.ts'

it('processes killed at random moments, while the store is compacted again and again, lose no acknowledged write and read nothing stale', async (t) => {
  const report = await compactionRounds(4)
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.acknowledged > 0 && report.compactions > 0)
})
