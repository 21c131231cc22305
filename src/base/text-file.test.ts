import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { readTextFile } from './text-file.ts'

describe('readTextFile', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lugsail-text-file-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('gives the text as it is, with the mark at its beginning, and an empty one where there is no file', () => {
    writeFileSync(join(folder, 'text'), '\uFEFFé\r\n')
    assert.equal(readTextFile(join(folder, 'text')), '\uFEFFé\r\n')
    assert.equal(readTextFile(join(folder, 'none')), '')
  })

  it('throws for bytes that would not be the same when they are written again', () => {
    writeFileSync(join(folder, 'latin-1'), Buffer.from([0xe9, 0x0a]))
    assert.throws(() => readTextFile(join(folder, 'latin-1')), /latin-1 is no text in UTF-8$/)
  })
})
