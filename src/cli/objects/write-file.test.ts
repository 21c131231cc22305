import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { writeFileWhole } from './write-file.ts'

describe('a file that is written whole', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lugsail-write-file-'))
    path = join(folder, 'file')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (body: Iterable<string> | AsyncIterable<string> = ['new'], to = path, modifiedAt?: Date) =>
    writeFileWhole(to, Readable.from(body), { signal: new AbortController().signal, modifiedAt })

  it('has the bytes, the time of the object, and a mode that the umask leaves', async () => {
    const before = process.umask(0o027)
    try {
      await write(['one', 'two'], path, new Date('2030-01-02T03:04:05Z'))
    } finally {
      process.umask(before)
    }
    assert.equal(readFileSync(path, 'utf8'), 'onetwo')
    const { mode, mtime } = statSync(path)
    assert.equal(mode & 0o777, 0o640)
    assert.equal(mtime.toISOString(), '2030-01-02T03:04:05.000Z')
    assert.deepEqual(readdirSync(folder), ['file'])
  })

  it('gets the folders above it', async () => {
    await write(['x'], join(folder, 'a/b/c'))
    assert.equal(readFileSync(join(folder, 'a/b/c'), 'utf8'), 'x')
  })

  it('has its name only once it is whole, and until then is what it was', async () => {
    writeFileSync(path, 'old')
    const seen: [string, number][] = []
    await write(
      (async function* () {
        yield await Promise.resolve('ne')
        seen.push([readFileSync(path, 'utf8'), readdirSync(folder).length])
        yield 'w'
      })(),
    )
    assert.deepEqual(seen, [['old', 2]])
    assert.equal(readFileSync(path, 'utf8'), 'new')
    assert.deepEqual(readdirSync(folder), ['file'])
  })

  it('keeps the mode of what it replaces, and a link that leads there', async () => {
    writeFileSync(path, 'old')
    chmodSync(path, 0o604)
    const link = join(folder, 'link')
    symlinkSync('file', link)
    await write(['new'], link)
    assert.ok(lstatSync(link).isSymbolicLink())
    assert.equal(readFileSync(path, 'utf8'), 'new')
    assert.equal(statSync(path).mode & 0o777, 0o604)
  })

  it('stays what it was where the body breaks or nobody wants it any more, with nothing beside it', async () => {
    writeFileSync(path, 'old')
    const broken = (async function* () {
      yield await Promise.resolve('ne')
      throw new Error('it broke')
    })()
    await assert.rejects(write(broken), { message: 'it broke' })
    const controller = new AbortController()
    const endless = (async function* () {
      for (;;) {
        yield await Promise.resolve('x')
        controller.abort(new Error('interrupted'))
      }
    })()
    await assert.rejects(writeFileWhole(path, Readable.from(endless), { signal: controller.signal }))
    const { signal } = controller
    await assert.rejects(writeFileWhole(path, Readable.from(['x']), { signal }))
    assert.equal(readFileSync(path, 'utf8'), 'old')
    assert.deepEqual(readdirSync(folder), ['file'])
  })

  it('is no folder', async () => {
    mkdirSync(path)
    await assert.rejects(write(), { message: 'is a folder', code: 'EISDIR', path })
    assert.deepEqual(readdirSync(path), [])
  })

  it('is told of where its name cannot be looked at', async () => {
    writeFileSync(path, '')
    await assert.rejects(write(['x'], join(path, 'below')), { code: 'ENOTDIR' })
  })

  it('is written to as it is where it is a device', async () => {
    await write(['x'], '/dev/null')
    assert.ok(statSync('/dev/null').isCharacterDevice())
  })
})
