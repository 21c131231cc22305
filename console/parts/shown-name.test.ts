import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { baseName, folderOf, shownName } from './shown-name.ts'

describe('the name of an object', () => {
  it('is shown as it is, emoji included', () => {
    assert.equal(shownName('Küste 👩‍👧 ❤️.jpg'), 'Küste 👩‍👧 ❤️.jpg')
  })

  it('cannot turn its ending around, hide a part, or break the line', () => {
    assert.equal(shownName('a\u202egpj.exe'), 'a\\u{202e}gpj.exe')
    assert.equal(shownName('a\u200bb\nc\u0000'), 'a\\u{200b}b\\u{a}c\\u{0}')
  })

  it('has a last part and a folder', () => {
    assert.deepEqual(['a/b/c', 'a/b/', 'c', 'a//'].map(baseName), ['c', 'b/', 'c', '/'])
    assert.deepEqual(['a/b/c', 'a/b/', 'c', 'a//'].map(folderOf), ['a/b/', 'a/', '', 'a/'])
  })
})
