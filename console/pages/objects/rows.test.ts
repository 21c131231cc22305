import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rowsOf, sortRows, waysTo } from './rows.ts'

const object = (key: string, size: number, modifiedAt: number) => ({ key, size, modifiedAt, etag: '"e"' })
const rows = rowsOf(
  {
    folders: ['trip/a/', 'trip/b/'],
    objects: [object('trip/', 0, 1), object('trip/c', 3, 9), object('trip/d', 1, 7), object('trip/e', 2, 8)],
    versions: [],
  },
  'trip/',
)
const names = (of: typeof rows): string[] => of.map(({ name }) => name)

describe('the lines of a folder', () => {
  it('are its folders and objects without the mark of the folder itself', () => {
    assert.deepEqual(names(rows), ['a/', 'b/', 'c', 'd', 'e'])
  })

  it('are sorted by size and time with folders first, and by name both ways', () => {
    assert.deepEqual(names(sortRows(rows, { column: 'size', isDescending: false })), [
      'a/',
      'b/',
      'd',
      'e',
      'c',
    ])
    assert.deepEqual(names(sortRows(rows, { column: 'modified', isDescending: true })), [
      'a/',
      'b/',
      'c',
      'e',
      'd',
    ])
    assert.deepEqual(names(sortRows(rows, { column: 'name', isDescending: true })), [
      'b/',
      'a/',
      'e',
      'd',
      'c',
    ])
    assert.deepEqual(names(rows), ['a/', 'b/', 'c', 'd', 'e'])
  })
})

describe('the ways of a key of some prefixes', () => {
  it('lead from the top to what it may list', () => {
    const prefixes = ['laptop/docs/', 'laptop/mail/', 'img-']
    assert.deepEqual(waysTo(prefixes, ''), ['img-', 'laptop/'])
    assert.deepEqual(waysTo(prefixes, 'laptop/'), ['laptop/docs/', 'laptop/mail/'])
    assert.deepEqual(waysTo(prefixes, 'other/'), [])
  })
})
