import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { accountKeyOf, argumentsOf, testSteps } from './go-through-steps.ts'
import { GO } from './programs.ts'
import { readStepLines } from './steps.ts'
import { startWorld } from './world.ts'

testSteps(GO)

const PROGRAM = resolve('test/clients/go/target/programs')
const skip = !existsSync(PROGRAM) && 'not installed (see test/clients/install-sdks.sh)'

describe('the Lightsail client of the AWS SDK for Go v2', { skip }, () => {
  const world = startWorld()

  it('makes a bucket and its access key, which opens it, finds them, and deletes them', async () => {
    const environment = accountKeyOf(world())
    const output = await world().run(PROGRAM, ['lightsail', ...argumentsOf(world())], { environment })
    const lines = [...readStepLines(output).values()]
    assert.deepEqual(lines, [{ step: 'bucket' }, { step: 'key' }, { step: 'delete-bucket' }])
  })
})
