import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEGINNING_BYTES_MIN, restKeyOf, rowWithBeginning } from './divided-values.ts'
import { NamedRests } from './named-rests.ts'

const KEY = Buffer.from('key')

/** The row of a divided value, whose rest has the name of that version and place. */
function rowOf(version: number, place = 0) {
  const value = rowWithBeginning(KEY, Buffer.alloc(BEGINNING_BYTES_MIN), { version, place })
  return { key: KEY, value: value ?? assert.fail(), version: -version }
}
const restOf = (version: number, place = 0) => ({
  key: restKeyOf(version, place),
  value: Buffer.from('rest'),
  version,
})

describe('the rests of values', () => {
  it('are wanted where the row of a key names them, and are left over where none does', () => {
    for (const rows of [0, 1, 300, 1_000]) {
      const names = new NamedRests(rows)
      const count = Math.max(rows, 100)
      for (let version = 1; version <= count; version++)
        assert.ok(names.isWanted(rowOf(version, version % 3)))
      for (let version = 1; version <= count; version++)
        assert.ok(names.isWanted(restOf(version, version % 3)), `${version} of ${count}`)
      // Some that nobody names may pass for named, a few.
      let passed = 0
      for (let version = 1; version <= 1_000; version++)
        if (names.isWanted(restOf(version + 10_000))) passed++
      assert.ok(passed < 100, `${passed} of 1000 pass for named beside ${count} in room for ${rows}`)
    }
  })

  it('of another place in the same change are others', () => {
    const names = new NamedRests(10)
    names.isWanted(rowOf(5, 1))
    assert.ok(names.isWanted(restOf(5, 1)))
    assert.ok(!names.isWanted(restOf(5, 2)))
    assert.ok(!names.isWanted(restOf(6, 1)))
  })

  it('are named by no row that is not divided, which is wanted itself', () => {
    const names = new NamedRests(10)
    assert.ok(names.isWanted({ ...rowOf(5), version: 5 }))
    assert.ok(!names.isWanted(restOf(5)))
  })

  it('are all wanted from the moment on that a row is damaged, which nobody can tell the rest of', () => {
    const names = new NamedRests(10)
    assert.ok(!names.isWanted(restOf(9)))
    const { value, ...row } = rowOf(5)
    assert.ok(names.isWanted({ ...row, value: Buffer.concat([value, Buffer.of(1)]) }))
    assert.ok(names.isWanted(restOf(9)))
  })
})
