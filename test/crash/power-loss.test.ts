import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { noDiskLog } from '../harness/disk-log/disk-log.ts'
import { sourceProgram } from '../harness/source-program.ts'
import { powerLossRounds } from './server/power-loss.ts'

const ROUNDS = 4
const LYING_DISK = 'test/crash/server/lying-disk.ts'

describe('a server whose machine loses power', { skip: noDiskLog }, () => {
  it(`has what it acknowledged, whatever the disk lost, tore or reordered of the rest (${ROUNDS} times)`, async (t) => {
    const report = await powerLossRounds(ROUNDS)
    t.diagnostic(JSON.stringify(report))
    assert.ok(report.acknowledged > 0 && report.sure > 0 && report.unsure > 0)
  })

  for (const part of ['metadata', 'bodies'])
    it(`is known to have lost something where the disk answers syncs of ${part} without doing them`, () => {
      const { status, signal, stderr } = spawnSync(process.execPath, [...sourceProgram(LYING_DISK), part], {
        encoding: 'utf8',
      })
      // What is lost is found missing, or ends the process that reads what is left of the metadata.
      assert.ok(status === 3 || signal !== null, `${status ?? ''}: ${stderr}`)
      assert.doesNotMatch(stderr, /crash-image|disk-log/)
    })
})
