import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { lockFile } from './file-lock.ts'
import { ownProcess } from './process-identity.ts'

const PROCESSES = 6
const ROUNDS = 50
/** The id of a process that has ended. */
const gone = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString())

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

  /** The lock of a process that has ended, unless said otherwise. */
  const plantLock = (holder: Readonly<Record<string, unknown>> = {}, minutesAgo = 0): string => {
    mkdirSync(`${path}.lock`)
    const file = join(`${path}.lock`, 'other')
    writeFileSync(file, JSON.stringify({ ...ownProcess(), pid: gone, host: hostname(), ...holder }))
    const then = Date.now() / 1_000 - minutesAgo * 60
    utimesSync(file, then, then)
    return file
  }

  it('takes the place of a lock that a process left behind, at once and for one of those who wait', async () => {
    plantLock()
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

  it('takes a process that cannot be seen from here for one that has ended once it has said nothing for long', async () => {
    plantLock({ pidSpace: 'of another machine', host: 'other' }, 10)
    ;(await lockFile(path)).release()
    assert.deepEqual(others(), [])
  })

  for (const [what, text] of [
    ['a lock of an earlier release', null],
    ['what a crash left of one', ''],
  ] as const)
    it(`takes the place of ${what} that is old`, async () => {
      const file = text === null ? `${path}.lock` : join(`${path}.lock`, 'other')
      if (text !== null) mkdirSync(`${path}.lock`)
      writeFileSync(file, text ?? '')
      const then = Date.now() / 1_000 - 3_600
      utimesSync(file, then, then)
      ;(await lockFile(path)).release()
      assert.deepEqual(others(), [])
    })

  it('waits for a process that lives, however long ago it began', async () => {
    const file = plantLock({ pid: process.pid, startedAt: ownProcess().startedAt }, 600)
    const other = lockFile(path)
    for (let turns = 0; turns < 20; turns++) await setImmediate()
    assert.ok(existsSync(file))
    rmSync(`${path}.lock`, { recursive: true })
    ;(await other).release()
    assert.deepEqual(others(), [])
  })

  it('leaves the lock of whoever came after alone', async () => {
    const lock = await lockFile(path)
    rmSync(`${path}.lock`, { recursive: true })
    const other = await lockFile(path)
    lock.release()
    assert.equal(readdirSync(`${path}.lock`).length, 1)
    other.release()
    assert.deepEqual(others(), [])
  })

  it('lets one in at a time where each of many processes finds the lock of one that has ended', async () => {
    writeFileSync(path, '0')
    const script = `
      import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
      const { lockFile } = await import(${JSON.stringify(new URL('file-lock.ts', import.meta.url).href)})
      const [path, gone, rounds] = process.argv.slice(1)
      for (let round = 0; round < Number(rounds); round++) {
        await lockFile(path)
        // Two at once do not both make it.
        closeSync(openSync(path + '.alone', 'wx'))
        writeFileSync(path, String(Number(readFileSync(path, 'utf8')) + 1))
        rmSync(path + '.alone')
        // It ends here without a word, for all that others can see.
        const [name] = readdirSync(path + '.lock')
        const file = path + '.lock/' + name
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"pid":\\d+/, '"pid":' + gone))
      }`
    const processes = Array.from({ length: PROCESSES }, () => {
      const words = ['--import', './build/typescript.mjs', '--input-type=module', '-e', script]
      return spawn(process.execPath, [...words, path, String(gone), String(ROUNDS)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    })
    const codes = await Promise.all(
      processes.map(async (child) => (await once(child, 'close'))[0] as unknown),
    )
    assert.deepEqual(codes, Array(PROCESSES).fill(0))
    assert.equal(readFileSync(path, 'utf8'), String(PROCESSES * ROUNDS))
    assert.deepEqual(others(), ['file.lock'])
  })

  it('throws where there is no folder for it', async () => {
    await assert.rejects(lockFile(join(path, 'none', 'file')), { code: 'ENOENT' })
  })
})
