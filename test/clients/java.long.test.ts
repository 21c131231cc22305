import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { testSteps } from './go-through-steps.ts'
import { JAVA } from './programs.ts'
import { startWorld } from './world.ts'

testSteps(JAVA)

const LIBRARIES = resolve('test/clients/java/aws-v2-newest/target/lib')
const skip = !existsSync(LIBRARIES) && 'the SDK for Java is not here (see test/clients/install-sdks.sh)'

describe('Amazon’s SDK for Java 2', { skip }, () => {
  const world = startWorld()

  it('puts, gets, copies, lists, presigns and deletes with a bucket key, in its defaults', async () => {
    const { bucket, endpoint, region } = world()
    const program = ['-cp', `${LIBRARIES}/*`, 'Transfers', bucket, endpoint, region]
    assert.equal(await world().run('java', program), 'all round trips are equal\n')
  })
})
