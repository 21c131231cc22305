import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { walkVersions } from './walk-versions.ts'

/** Versions that are looked at in one read. */
const PAGE = 1_000

async function walked(world: ObjectWorld, prefix = '') {
  const rows = []
  for await (const { objectKey, isAlone, newerNoncurrent, noncurrentSince } of walkVersions(
    world.context,
    world.admission,
    prefix,
  ))
    rows.push({ key: objectKey, isAlone, newerNoncurrent, isCurrent: noncurrentSince === null })
  return rows
}

const alone = (key: string) => ({ key, isAlone: true, newerNoncurrent: 0, isCurrent: true })

describe('the walk over the versions of a bucket', () => {
  it('passes none of an empty one', async () => {
    assert.deepEqual(await walked(await ObjectWorld.make()), [])
  })

  for (const count of [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1])
    it(`passes all of ${count} objects, those of the last page too`, async () => {
      const world = await ObjectWorld.make()
      const keys = Array.from({ length: count }, (_, at) => `key-${String(at).padStart(5, '0')}`)
      await Promise.all(keys.map((key) => world.put(key, '')))
      assert.deepEqual(await walked(world), keys.map(alone))
    })

  it('tells of each version its place among those of its object, also where a page ends between them', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    const before = Array.from({ length: PAGE - 2 }, (_, at) => `a-${String(at).padStart(5, '0')}`)
    await Promise.all(before.map((key) => world.put(key, '')))
    for (let version = 0; version < 4; version++) await world.put('b', String(version))
    await world.put('c', '')
    assert.deepEqual((await walked(world)).slice(before.length), [
      { key: 'b', isAlone: false, newerNoncurrent: 0, isCurrent: true },
      { key: 'b', isAlone: false, newerNoncurrent: 0, isCurrent: false },
      { key: 'b', isAlone: false, newerNoncurrent: 1, isCurrent: false },
      { key: 'b', isAlone: false, newerNoncurrent: 2, isCurrent: false },
      alone('c'),
    ])
    assert.deepEqual(await walked(world, 'c'), [alone('c')])
  })
})
