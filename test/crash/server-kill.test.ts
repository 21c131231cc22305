import assert from 'node:assert/strict'
import { it } from 'node:test'
import { serverKillRounds } from './server/kill-rounds.ts'

it('6 kills of the server at random moments lose nothing that it acknowledged and leave no orphan', async (t) => {
  const report = await serverKillRounds(6)
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.acknowledged > 0)
})
