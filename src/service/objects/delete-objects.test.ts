import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { deleteObject } from './delete-object.ts'
import { deleteObjects, type BatchEntry } from './delete-objects.ts'

const world = await ObjectWorld.make()
const batch = (entries: readonly BatchEntry[]) => deleteObjects(world.context, world.admission, entries)
const entries = (count: number, bypassGovernance?: boolean): BatchEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    objectKey: `key-${at}`,
    ...(bypassGovernance !== undefined && { bypassGovernance }),
  }))

describe('a batch of deletes', () => {
  it('has 1 to 1,000 entries', async () => {
    assert.equal((await batch(entries(1000))).length, 1000)
    for (const count of [0, 1001])
      await assert.rejects(batch(entries(count, true)), {
        kind: 'InvalidBatchSize',
        fields: { count, countMax: 1000 },
      })
  })

  for (const bypassGovernance of [false, true])
    it(`that says ${bypassGovernance} of passing locks by is refused as a whole in a bucket that has none`, async () => {
      await world.put('key-0', 'text')
      await assert.rejects(batch([{ objectKey: 'key-0' }, ...entries(2, bypassGovernance)]), {
        kind: 'NothingToBypass',
      })
      const one = { objectKey: 'key-0', bypassGovernance }
      await assert.rejects(deleteObject(world.context, world.admission, one), { kind: 'NothingToBypass' })
      assert.equal(await world.get('key-0'), 'text')
    })
})
