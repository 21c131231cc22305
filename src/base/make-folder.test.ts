import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { makeFolder } from './make-folder.ts'

describe('makeFolder', () => {
  const root = mkdtempSync(join(tmpdir(), 'lugsail-folder-'))
  after(() => rmSync(root, { recursive: true }))

  it('makes a folder with all those above it, and leaves one that is there as it is', () => {
    makeFolder(join(root, 'a', 'b', 'c'), 0o700)
    makeFolder(join(root, 'a', 'b', 'c'), 0o755)
    for (const path of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(root, path)).mode & 0o777, 0o700)
  })

  it('says what is in the way', () => {
    writeFileSync(join(root, 'file'), '')
    assert.throws(() => makeFolder(join(root, 'file'), 0o700), { code: 'EEXIST' })
    assert.throws(() => makeFolder(join(root, 'file', 'below'), 0o700), { code: 'ENOTDIR' })
  })

  it('ends where the system denies that it can make one', { skip: !existsSync('/proc/self') }, () => {
    assert.throws(() => makeFolder('/proc/nonexistent/below', 0o700), { code: 'ENOENT' })
  })
})
