import assert from 'node:assert/strict'
import fs, { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { examineFolder } from './examine-folder.ts'

const GIB = 1024 ** 3
let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lugsail-doctor-'))))
afterEach(() => {
  mock.restoreAll()
  syncBuiltinESMExports()
  rmSync(folder, { recursive: true, force: true })
})

/** What is found where the disk has so many blocks of a mebibyte, and so many files. */
function found(disk: { bavail: number; blocks: number; files?: number; ffree?: number }) {
  const answer = { bsize: 1024 ** 2, files: 100, ffree: 50, ...disk }
  mock.method(fs, 'statfsSync', () => answer)
  syncBuiltinESMExports()
  const findings = examineFolder(folder)
  mock.restoreAll()
  syncBuiltinESMExports()
  return findings.map(({ check, isOk, found: text, advice }) => {
    assert.equal(check, 'disk')
    return `${isOk ? 'ok' : 'bad'}: ${text.replace(folder, 'DIR')}${advice === undefined ? '' : ` | ${advice.replaceAll(folder, 'DIR')}`}`
  })
}
const enough = { bavail: 10 * 1024, blocks: 100 * 1024 }

describe('the disk under a data folder', () => {
  it('is full soon when it has less than a gibibyte, or less than a twentieth of it', () => {
    for (const [bavail, blocks, isOk] of [
      [1024, 2_000, true],
      [1023, 2_000, false],
      [5_000, 100_000, true],
      [4_999, 100_000, false],
    ] as const) {
      const shown = `DIR has ${((bavail * 1024 ** 2) / GIB).toFixed(1)} GiB free; no server runs on it`
      assert.deepEqual(
        found({ bavail, blocks }),
        [isOk ? `ok: ${shown}` : `bad: ${shown} | make room; a server whose disk is full refuses writes`],
        `${bavail} of ${blocks}`,
      )
    }
  })

  it('takes no more files when its file system counts them and has none left', () => {
    assert.deepEqual(found({ ...enough, ffree: 0 }), [
      'bad: DIR can take no more files | make room; the file system has no free inode',
    ])
    assert.match(found({ ...enough, ffree: 1 }).join(), /^ok/)
    assert.match(found({ ...enough, ffree: 0, files: 0 }).join(), /^ok/)
  })

  it('has the server that says so itself, and nothing is said of a file that does not tell', () => {
    for (const [content, said] of [
      ['{"url":"http://127.0.0.1:9400"}', '; http://127.0.0.1:9400 runs on it'],
      ['{"pid":1}', ''],
      ['null', ''],
      ['"text"', ''],
      ['{', ''],
    ] as const) {
      writeFileSync(join(folder, 'server.lock'), content)
      assert.deepEqual(found(enough), [`ok: DIR has 10.0 GiB free${said}`], content)
    }
  })
})

describe('what is secret in a data folder', () => {
  it('is told where others may read it', () => {
    for (const name of ['credentials', 'master.key']) {
      const path = join(folder, name)
      writeFileSync(path, '')
      for (const [mode, isOpen] of [
        [0o600, false],
        [0o700, false],
        [0o640, true],
        [0o604, true],
        [0o601, true],
      ] as const) {
        chmodSync(path, mode)
        assert.deepEqual(
          found(enough).slice(1),
          isOpen ? [`bad: others may read DIR/${name} | chmod 600 DIR/${name}`] : [],
          `${name} ${mode.toString(8)}`,
        )
      }
      rmSync(path)
    }
  })
})
