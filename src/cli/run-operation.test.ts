import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInProcess } from '../../test/cli/run-in-process.ts'
import { testRecordedInProcess } from '../../test/parity/recorded-in-process.ts'

describe('a command line that cannot be is refused as by AWS CLI v1, before anything is sent', () =>
  testRecordedInProcess('refusals'))

describe('a number of items that is none', () => {
  it('is warned of, and no other', async () => {
    const warning = 'warning: Non-positive values for --max-items may result in undefined behavior.\n'
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_MAX_ATTEMPTS: '1',
      HOME: '/none',
    }
    for (const [itemsMax, isWarned] of [
      ['-1', true],
      ['0', true],
      ['1', false],
    ] as const) {
      // Nobody listens there.
      const line = `get-operations --max-items=${itemsMax} --region us-east-1 --endpoint-url http://127.0.0.1:1`
      const { stderr } = await runInProcess(line.split(' '), environment)
      assert.match(stderr, /Could not connect to the endpoint URL/)
      assert.equal(stderr.includes(warning), isWarned, stderr)
    }
  })
})
