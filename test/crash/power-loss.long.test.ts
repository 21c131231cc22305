import assert from 'node:assert/strict'
import { it } from 'node:test'
import { noDiskLog } from '../harness/disk-log/disk-log.ts'
import { powerLossRounds } from './server/power-loss.ts'

it('100 losses of power take nothing that was acknowledged', { skip: noDiskLog }, async (t) => {
  const report = await powerLossRounds(100)
  t.diagnostic(JSON.stringify(report))
  assert.ok(report.acknowledged > 0 && report.sure > 0 && report.unsure > 0)
})
