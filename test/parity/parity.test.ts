/** The command line against AWS CLI version 1.45.11 (recorded-cases.ts). Unit tests of src/cli run most of them in their own process (recorded-in-process.ts). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CommandLab } from '../cli/run-lugsail.ts'
import { checkRecordedCase, recordedCases, titleOf } from './recorded-cases.ts'

/** How many command lines run at a time, each with an endpoint of its own. */
const CONCURRENCY = 4

describe('The command line does as AWS CLI v1', { concurrency: CONCURRENCY }, () => {
  const idle = Array.from({ length: CONCURRENCY }, () => new CommandLab())
  before(() => Promise.all(idle.map((lab) => lab.start())))
  after(() => Promise.all(idle.map((lab) => lab.stop())))

  for (const recorded of recordedCases)
    test(titleOf(recorded), async () => {
      const lab = idle.pop()
      assert.ok(lab !== undefined, 'more tests at a time than labs')
      await checkRecordedCase(lab, recorded).finally(() => idle.push(lab))
    })
})
