import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { createLog } from './log.ts'
import { readSeeds } from './seeds.ts'
import { listenPrivately, readSocketPath } from './socket-path.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-socket-'))
after(() => rmSync(folder, { recursive: true }))

describe('where the driver listens', () => {
  for (const [given, path] of [
    ['unix:///var/lib/cosi.sock', '/var/lib/cosi.sock'],
    ['unix:/var/lib/cosi.sock', '/var/lib/cosi.sock'],
    ['/var/lib/cosi.sock', '/var/lib/cosi.sock'],
    ['unix:cosi.sock', resolve('cosi.sock')],
    ['cosi.sock', resolve('cosi.sock')],
    ['./a/../cosi.sock', resolve('cosi.sock')],
  ] as const)
    it(`is ${path} for ${given}`, () =>
      assert.deepEqual(readSocketPath(given), { path, endpoint: `unix:${path}` }))

  for (const given of [
    '',
    'unix:',
    'unix://',
    'tcp://127.0.0.1:9',
    'http:///x',
    'a+b.c-1:/x',
    '//host/x',
    'unix://host/x',
    '/var/lib/',
    'unix:///',
    '/a\0b',
  ])
    it(`cannot be ${JSON.stringify(given)}`, () =>
      assert.throws(() => readSocketPath(given), {
        message: `Bad value for --endpoint: expected unix:///PATH, got ${JSON.stringify(given)}`,
      }))

  it('has a path of at most 103 bytes', () => {
    const longest = `/${'é'.repeat(51)}`
    assert.equal(readSocketPath(longest).path, longest)
    assert.throws(() => readSocketPath(`${longest}x`), /a socket's path has at most 103 bytes; got \/é/)
  })

  const servers: Server[] = []
  after(() => {
    for (const server of servers) server.close()
  })
  const listen = (path: string) => async () => {
    const server = createServer().listen(path)
    servers.push(server)
    await once(server, 'listening')
  }

  it('is its owner’s alone, and the mask of other files stays', async () => {
    const path = join(folder, 'new.sock')
    const mask = process.umask(0o022)
    await listenPrivately(readSocketPath(path), async () => {
      await listen(path)()
      assert.equal(statSync(path).mode & 0o777, 0o600)
    })
    assert.equal(process.umask(mask), 0o022)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    await assert.rejects(
      listenPrivately(readSocketPath(join(folder, 'none.sock')), () => Promise.reject(new Error('no'))),
      { message: 'no' },
    )
    assert.equal(process.umask(mask), mask)
  })

  it('takes the place of a socket that a process left behind, of one that answers not', async () => {
    const path = join(folder, 'left.sock')
    const server = createServer().listen(path)
    await once(server, 'listening')
    await assert.rejects(listenPrivately(readSocketPath(path), listen(path)), {
      message: `Another process listens on ${path}`,
    })
    // A socket's file stays when its process is killed; here another name of it does.
    const stale = join(folder, 'stale.sock')
    linkSync(path, stale)
    server.close()
    await once(server, 'close')
    assert.ok(existsSync(stale))
    await listenPrivately(readSocketPath(stale), listen(stale))
    assert.equal(statSync(stale).mode & 0o777, 0o600)
  })

  it('is not where something else is', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'mine')
    await assert.rejects(listenPrivately(readSocketPath(path), listen(path)), {
      message: `${path} is there, and is no socket`,
    })
  })
})

describe('what secrets are derived from', () => {
  const keep = (text: string): string => {
    writeFileSync(join(folder, 'seeds'), text)
    return join(folder, 'seeds')
  }
  const KEY = { accessKeyId: 'AKIA', secretAccessKey: 'secret' }
  const [a, b] = ['a'.repeat(32), 'b'.repeat(40)]

  it('are the lines of a file, the first for new keys, whatever the account’s key is', () => {
    assert.deepEqual(readSeeds(keep(`${a}\n\n  ${b}\r\n`), null), [a, b])
    assert.deepEqual(readSeeds(keep(a), KEY), [a])
  })

  it('is the secret of the account’s key without one, if that does not end by itself', () => {
    assert.deepEqual(readSeeds(undefined, KEY), ['secret'])
    assert.throws(() => readSeeds(undefined, null), /root key of an account, and found none/)
    assert.throws(() => readSeeds(undefined, { ...KEY, sessionToken: 't' }), /--seed-file with temporary/)
  })

  it('is nothing that is empty, short or large', () => {
    for (const text of ['', '\n \n']) assert.throws(() => readSeeds(keep(text), KEY), /seeds is empty$/)
    for (const text of ['a'.repeat(31), `${a}\nshort`])
      assert.throws(() => readSeeds(keep(text), KEY), /a line of fewer than 32 characters/)
    const lines = `${a}\n`.repeat(Math.floor((64 * 1024) / 33))
    const largest = lines + ' '.repeat(64 * 1024 - lines.length)
    assert.equal(readSeeds(keep(largest), null)[0], a)
    assert.throws(() => readSeeds(keep(`${largest} `), null), /has more than 65536 bytes/)
  })
})

describe('a line of the driver’s log', () => {
  it('has the time, what happened, then what is known of it', () => {
    const lines: string[] = []
    const log = createLog((line) => lines.push(line), new ManualClock(Date.UTC(2030, 0, 2)))
    log('began')
    log('did\u001b', { name: 'a "b"\n', count: 2, list: ['x', 'y'], none: undefined })
    assert.deepEqual(lines, [
      '2030-01-02T00:00:00.000Z began\n',
      '2030-01-02T00:00:00.000Z did\\u001b name="a \\"b\\"\\n" count=2 list=["x","y"]\n',
    ])
  })
})
