import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { isWritableForOthers, makePrivate, modeText } from './private-mode.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-mode-'))
after(() => rmSync(root, { recursive: true }))

describe('makePrivate', () => {
  it('takes from others what they may do and leaves the owner’s part as it is', () => {
    for (const [before, now] of [
      [0o644, 0o600],
      [0o777, 0o700],
      [0o600, 0o600],
      [0o440, 0o400],
    ] as const) {
      const file = join(root, `f${before}`)
      writeFileSync(file, '')
      chmodSync(file, before)
      assert.equal(makePrivate(file), true)
      assert.equal(statSync(file).mode & 0o7777, now)
    }
  })

  it('passes over what is missing', () => {
    assert.equal(makePrivate(join(root, 'none')), true)
  })
})

describe('isWritableForOthers', () => {
  it('is true of a folder that the group or all may write to', () => {
    for (const [mode, isWritable] of [
      [0o755, false],
      [0o770, true],
      [0o757, true],
      [0o1777, true],
    ] as const) {
      const folder = join(root, `d${mode}`)
      mkdirSync(folder)
      chmodSync(folder, mode)
      assert.equal(isWritableForOthers(folder), isWritable)
      assert.equal(modeText(folder), mode.toString(8).padStart(4, '0'))
    }
  })
})
