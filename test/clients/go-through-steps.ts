import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { CreateBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { isInstalled, stepsOf, type ClientProgram } from './programs.ts'
import { REFUSALS, STEPS, readStepLines, type StepLine } from './steps.ts'
import { startWorld, type ClientWorld } from './world.ts'

const OTHER_BUCKET = 'somebody-elses'
const VALUES = resolve('test/clients/steps.json')

/** Defines a test of each step of each client: all go through the same, on one server, and leave its bucket empty. */
export function testSteps(programs: readonly ClientProgram[]): void {
  for (const program of programs) testStepsOf(program)
}

/** The arguments that every program takes after its own: file of the steps' values, endpoint, region, bucket, another bucket. */
export const argumentsOf = ({ endpoint, region, bucket }: ClientWorld): readonly string[] => [
  VALUES,
  endpoint,
  region,
  bucket,
  OTHER_BUCKET,
]

/** The account's key for programs that manage buckets, beside the bucket's own. */
export const accountKeyOf = ({ rootKey }: ClientWorld): Readonly<Record<string, string>> => ({
  ACCOUNT_ACCESS_KEY_ID: rootKey.accessKeyId,
  ACCOUNT_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
})

function testStepsOf(program: ClientProgram): void {
  const skip = !isInstalled(program) && 'not installed (see test/clients/install-sdks.sh)'
  describe(`${program.name} ${program.version}`, { skip }, () => {
    const world = startWorld()
    let lines: ReadonlyMap<string, StepLine>
    before(async () => {
      await makeOtherBucket(world())
      const [file, ...args] = program.command.map((word) => (word.includes('/') ? resolve(word) : word))
      assert.ok(file !== undefined)
      lines = readStepLines(await world().run(file, [...args, ...argumentsOf(world())]))
    })
    for (const step of stepsOf(program))
      it(STEPS[step], () => {
        const line = lines.get(step)
        assert.ok(line !== undefined, 'the program said nothing of it')
        assert.equal(line.error, undefined)
        const refusal = program.refusals[step] ?? REFUSALS[step]
        if (refusal !== undefined) assert.match(line.refusedWith ?? '', refusal)
      })
  })
}

async function makeOtherBucket({ endpoint, region, rootKey: credentials }: ClientWorld): Promise<void> {
  const lightsail = new LightsailClient({ endpoint, region, credentials })
  await lightsail.send(new CreateBucketCommand({ bucketName: OTHER_BUCKET, bundleId: 'small_1_0' }))
  lightsail.destroy()
}
