import assert from 'node:assert/strict'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { lockFile } from './file-lock.ts'

describe('lockFile', () => {
  const folders: string[] = []
  let path = ''
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-file-lock-'))
    folders.push(folder)
    path = join(folder, 'file')
  })
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))
  const others = () => readdirSync(join(path, '..')).filter((name) => name !== 'file')

  it('lets one at a time read a file and write it anew', async () => {
    writeFileSync(path, '0')
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lock = await lockFile(path)
        const count = Number(readFileSync(path, 'utf8'))
        await setImmediate()
        writeFileSync(path, String(count + 1))
        lock.release()
      }),
    )
    assert.equal(readFileSync(path, 'utf8'), '20')
    assert.deepEqual(others(), [])
  })

  it('takes the place of a lock that a process left behind, for one of those who wait', async () => {
    writeFileSync(`${path}.lock`, '')
    const minuteAgo = Date.now() / 1_000 - 60
    utimesSync(`${path}.lock`, minuteAgo, minuteAgo)
    let holders = 0
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const lock = await lockFile(path)
        assert.equal(++holders, 1)
        await setImmediate()
        holders--
        lock.release()
      }),
    )
    assert.deepEqual(others(), [])
  })

  it('leaves the lock of whoever came after alone', async () => {
    const lock = await lockFile(path)
    rmSync(`${path}.lock`)
    const other = await lockFile(path)
    lock.release()
    assert.ok(existsSync(`${path}.lock`))
    other.release()
    assert.deepEqual(others(), [])
  })

  it('throws where there is no folder for it', async () => {
    await assert.rejects(lockFile(join(path, 'none', 'file')), { code: 'ENOENT' })
  })
})
