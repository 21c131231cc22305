import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sortVersions } from './listing.ts'

const entry = (key: string, name: string, modifiedAtMs: number, isLatest = false) => ({
  key,
  name,
  modifiedAtMs,
  isLatest,
})

const names = (entries: readonly { readonly name: string }[]): string =>
  entries.map(({ name }) => name).join(' ')

describe('a page of versions', () => {
  it('stays as it came where its keys are in order, whatever its dates', () => {
    const page = [entry('a', 'a2', 1, true), entry('a', 'a1', 2), entry('b', 'b1', 1, true)]
    assert.equal(names(sortVersions(page)), 'a2 a1 b1')
  })

  it('is put in order where delete markers come behind all versions', () => {
    const page = [
      entry('a', 'a2', 3),
      entry('a', 'a1', 1),
      entry('b', 'b1', 1, true),
      entry('a', 'marker3', 3, true),
      entry('a', 'marker1', 2),
    ]
    assert.equal(names(sortVersions(page)), 'marker3 a2 marker1 a1 b1')
  })
})
