import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { FolderLock } from './folder-lock.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-lock-'))
after(() => rmSync(root, { recursive: true, force: true }))

let count = 0
const newLock = (): string => join(mkdtempSync(join(root, `${count++}-`)), 'server.lock')

describe('FolderLock', () => {
  it('names the process and the address of the server that has the folder, until that gives it up', async () => {
    const path = newLock()
    const first = await FolderLock.take(path)
    first.announce('http://127.0.0.1:9400')
    await assert.rejects(
      FolderLock.take(path),
      (error) =>
        error instanceof StartFailure &&
        error.message.includes(`(process ${process.pid}, http://127.0.0.1:9400)`),
    )
    first.release()
    assert.ok(!existsSync(path))
    ;(await FolderLock.take(path)).release()
  })

  it('lets one of many have the folder when they begin at once', async () => {
    const path = newLock()
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => FolderLock.take(path)))
    const taken = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    assert.equal(taken.length, 1)
    taken[0]?.release()
  })

  it('takes over what a process left that is gone, or whose pid another one has now', async () => {
    const path = newLock()
    const first = await FolderLock.take(path)
    const text = readFileSync(path, 'utf8')
    first.release()
    const holder = JSON.parse(text) as Record<string, unknown>
    const { pid } = spawnSync(process.execPath, ['--version'])
    for (const left of [
      { ...holder, id: 'gone', pid },
      { ...holder, id: 'reused', startedAt: '1' },
      'half a li',
    ]) {
      writeFileSync(path, typeof left === 'string' ? left : JSON.stringify(left))
      ;(await FolderLock.take(path)).release()
    }
  })

  it('waits for a sign of life of a process that it cannot see', async () => {
    const path = newLock()
    const first = await FolderLock.take(path)
    first.announce('http://there')
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    writeFileSync(path, JSON.stringify({ ...holder, pid: 1, pidSpace: 'another machine' }))
    await assert.rejects(FolderLock.take(path), StartFailure)
    first.release()
    writeFileSync(path, JSON.stringify({ ...holder, id: 'silent', pid: 1, pidSpace: 'another machine' }))
    ;(await FolderLock.take(path)).release()
  })

  it(
    'knows at once whether a process in another container lives, also when both have the same pid',
    { skip: spawnSync('unshare', ['-p', '-f', 'true']).status === 0 ? false : 'only root makes namespaces' },
    async () => {
      const path = newLock()
      const script = `
        const { FolderLock } = await import(${JSON.stringify(new URL('folder-lock.ts', import.meta.url).href)})
        await FolderLock.take(${JSON.stringify(path)})
        console.log('taken')
        setInterval(() => undefined, 1_000)`
      const container = spawn(
        'unshare',
        [
          '-p',
          '-f',
          '--kill-child',
          process.execPath,
          '--import',
          './build/typescript.mjs',
          '--input-type=module',
          '-e',
          script,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      try {
        await once(container.stdout, 'data')
        const holder = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
        writeFileSync(path, JSON.stringify({ ...holder, pid: process.pid }))
        await assert.rejects(FolderLock.take(path), StartFailure)
        // Without a sign of life for longer than the test takes: only the kernel can tell.
        const beforeNow = new Date(0)
        utimesSync(path, beforeNow, beforeNow)
        container.kill('SIGKILL')
        await once(container, 'close')
        const startedAt = performance.now()
        ;(await FolderLock.take(path)).release()
        assert.ok(performance.now() - startedAt < 3_000)
      } finally {
        container.kill('SIGKILL')
      }
    },
  )

  it('removes nothing that is no lock', async () => {
    const path = newLock()
    mkdirSync(path)
    await assert.rejects(FolderLock.take(path), ConfigurationError)
    assert.ok(existsSync(path))
  })
})
