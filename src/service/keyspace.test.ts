import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { changeLogKey, changeLogRange, retirementKey, retirementsRange } from './keyspace.ts'

const SOURCE = readFileSync(join(import.meta.dirname, 'keyspace.ts'), 'utf8')

describe('the key space', () => {
  it('gives each kind of record a tag of its own, and tells of each', () => {
    const told = [...SOURCE.matchAll(/^ \* {5}(\S) (?:text|raw|uint64)\(/gm)].map(([, tag]) => tag)
    const used = [...SOURCE.matchAll(/(?:tag|textKey)\('(.)'/g)].map(([, tag]) => tag)
    assert.equal(new Set(told).size, told.length, `two kinds of records have one tag: ${told.join(' ')}`)
    assert.deepEqual([...new Set(used)].sort(), told.sort())
  })

  it('keeps what commits note for a mirror apart from keys that are to retire', () => {
    const inRange = (key: Buffer, { start, end }: { start: Buffer; end: Buffer }): boolean =>
      key.compare(start) >= 0 && key.compare(end) < 0
    assert.ok(!inRange(retirementKey('AKIA'), changeLogRange()))
    assert.ok(!inRange(changeLogKey('writer', 0), retirementsRange()))
  })
})
