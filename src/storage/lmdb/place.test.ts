import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { JOURNAL_SUFFIX } from './leftovers.ts'
import { ANNOUNCED_MS, Place } from './place.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-place-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** The place of a file; what happens to it is told by hand. */
function newPlace() {
  const path = join(mkdtempSync(join(root, 'of-')), 'file')
  let looks = 0
  const world = {
    nowMs: 1_000,
    isReplaced: false,
    /** How often the place was looked at since this was asked last. */
    looks: () => {
      const seen = looks
      looks = 0
      return seen
    },
    announce: () => writeFileSync(path + JOURNAL_SUFFIX, ''),
    end: () => rmSync(path + JOURNAL_SUFFIX),
  }
  const look = (): boolean => {
    looks++
    return world.isReplaced
  }
  return { ...world, world, place: new Place(path, look, () => world.nowMs) }
}

describe('the place of a file', () => {
  it('is looked at once for all who ask soon after, and again then', () => {
    const { place, world } = newPlace()
    for (let asked = 0; asked < 5; asked++) assert.equal(place.isHeld, true)
    assert.equal(place.mayBeCompacted, false)
    assert.equal(world.looks(), 1)
    world.nowMs += ANNOUNCED_MS
    assert.equal(place.isHeld, true)
    assert.equal(world.looks(), 1)
  })

  it('is looked at each time while a compaction goes on, and the file that comes there is seen at once', () => {
    const { place, world } = newPlace()
    world.announce()
    for (let asked = 0; asked < 5; asked++) assert.equal(place.isHeld, true)
    assert.equal(place.mayBeCompacted, true)
    assert.equal(world.looks(), 5)
    world.isReplaced = true
    assert.equal(place.isHeld, false)
    world.end()
    assert.equal(place.isHeld, false)
  })

  it('is known to be another one’s as soon as a compaction may have put it there, if nobody asked meanwhile', () => {
    const { place, world } = newPlace()
    assert.equal(place.isHeld, true)
    // The whole of a compaction: its journal comes, is there for so long, and is gone again.
    world.nowMs += ANNOUNCED_MS
    world.isReplaced = true
    assert.equal(place.isHeld, false)
    assert.equal(place.isHeld, false)
  })

  it('tells of a compaction before it may do what others have to know of', () => {
    for (const ask of ['isHeld', 'mayBeCompacted'] as const) {
      const { place, world } = newPlace()
      assert.equal(place[ask], ask === 'isHeld')
      world.announce()
      world.nowMs += ANNOUNCED_MS
      assert.equal(place.mayBeCompacted, true)
      world.isReplaced = true
      assert.equal(place.isHeld, false)
    }
  })

  it('is not taken for held because it was looked for a compaction alone', () => {
    const { place, world } = newPlace()
    world.isReplaced = true
    assert.equal(place.mayBeCompacted, false)
    assert.equal(place.isHeld, false)
  })
})
