import assert from 'node:assert/strict'
import { it } from 'node:test'
import { killRounds } from './kill-rounds.ts'

it('10 kills at random moments lose no acknowledged write and leave no half object and no orphan', async (t) => {
  const report = await killRounds(10)
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.acknowledged > 0)
})
