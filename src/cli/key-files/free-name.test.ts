import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { freeName } from './free-name.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-free-name-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('a free name', () => {
  it('is the path itself, then numbers from 2 on, and none behind the thousandth', () => {
    const path = join(folder, 'credentials')
    for (const name of [path, `${path}-2`, `${path}-3`]) {
      assert.equal(freeName(path), name)
      writeFileSync(name, '')
    }
    for (let count = 4; count <= 1_000; count++) writeFileSync(`${path}-${count}`, '')
    assert.throws(() => freeName(path), /1000 copies/)
  })
})
