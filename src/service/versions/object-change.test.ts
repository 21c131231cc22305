import assert from 'node:assert/strict'
import { it } from 'node:test'
import { NO_ATTRIBUTES, ObjectWorld, md5Hex } from '../../../test/objects/object-world.ts'
import type { Admission } from '../admission.ts'
import { putObject } from '../objects/put-object.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { findVersion } from './find-version.ts'

type Versioning = BucketRecord['versioning']

/** What the versions of an object hold, the null one first, after a write in each of these states; null for one that is not found. */
async function textsAfter(states: readonly Versioning[]): Promise<(string | null)[]> {
  const world = await ObjectWorld.make({ versioning: 'NeverEnabled' })
  const { context } = world
  const versionIds = ['null']
  let admission: Admission = world.admission
  for (const [index, versioning] of states.entries()) {
    const bucket = { ...world.admission.bucket, record: { ...world.admission.bucket.record, versioning } }
    admission = { ...world.admission, bucket }
    const bytes = Buffer.from(String(index))
    const { record } = await putObject(context, admission, {
      ...{ objectKey: 'key', attributes: NO_ATTRIBUTES },
      body: { bytes, finish: () => ({ md5Hex: md5Hex(bytes) }) },
    })
    if (record.versionId !== 'null') versionIds.push(record.versionId)
  }
  const etags = states.map((_, index) => md5Hex(Buffer.from(String(index))))
  return await Promise.all(
    versionIds.map(async (versionId) => {
      const found = await findVersion(context, admission.bucket.record, {
        objectKey: 'key',
        versionId,
      }).catch(() => null)
      return found && String(etags.indexOf(found.stored.record.etag))
    }),
  )
}

/** What is left by the rule itself: writes of a bucket without versioning replace the null version, the others keep each. */
function expected(states: readonly Versioning[]): (string | null)[] {
  let nullText: string | null = null
  const others: string[] = []
  for (const [index, versioning] of states.entries()) {
    if (versioning === 'Enabled') others.push(String(index))
    else nullText = String(index)
  }
  return [nullText, ...others]
}

it('every version stays and the null one is replaced, whatever states of versioning five writes meet', async () => {
  const after: readonly Versioning[] = ['Enabled', 'Suspended']
  let sequences: Versioning[][] = [['NeverEnabled'], ['Enabled'], ['Suspended']]
  for (let length = 1; length <= 5; length++) {
    for (const states of sequences)
      assert.deepEqual(await textsAfter(states), expected(states), states.join())
    sequences = sequences.flatMap((states) => after.map((next) => [...states, next]))
  }
})
