import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ObjectWorld, readText } from '../../../test/objects/object-world.ts'
import { openObject } from './open-object.ts'

describe('an object that was put as a whole', () => {
  for (const [text, range] of [
    ['', null],
    ['x', { start: 0, end: 0 }],
    ['small', { start: 0, end: 4 }],
    ['longer than what is kept in its record', { start: 0, end: 37 }],
  ] as const)
    it(`is its own part 1, of ${text.length} bytes`, async () => {
      const world = await ObjectWorld.make()
      await world.put('key', text)
      const open = await openObject(world.context, world.admission, { objectKey: 'key', partNumber: 1 })
      assert.deepEqual(open.part, { partNumber: 1, range })
      assert.equal(await readText(await open.read()), text)
    })

  it('has no other part', async () => {
    const world = await ObjectWorld.make()
    await world.put('key', 'text')
    await assert.rejects(openObject(world.context, world.admission, { objectKey: 'key', partNumber: 2 }))
  })
})
