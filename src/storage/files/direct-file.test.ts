import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { patternBytes } from '../testing/blob-fixtures.ts'
import { directPieces } from './aligned-pieces.ts'
import { createDirectFile } from './direct-file.ts'
import { systemFiles } from './file-system.ts'
import type { NewFile } from './new-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-direct-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const probe = await createDirectFile(join(folder, 'probe'))
await probe?.close()
const skip = probe ? false : 'no direct writing here'

const MIB = 1024 * 1024

/** How many pieces can be had. */
function sparePieces(): number {
  const taken: Buffer[] = []
  for (let piece = directPieces.take(); piece; piece = directPieces.take()) taken.push(piece)
  for (const piece of taken) directPieces.giveBack(piece)
  return taken.length
}

async function writeAll(file: NewFile, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes, at)
}

async function create(path: string): Promise<NewFile> {
  const file = await createDirectFile(path)
  assert.ok(file)
  return file
}

describe('a file that is written directly', { skip }, () => {
  const random = new SeededRandom()
  const pattern = Buffer.from(patternBytes(5 * MIB + 1))
  const sizes = [0, 1, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, MIB + 4096, 3 * MIB, 5 * MIB + 1]

  for (const sizeBytes of sizes) {
    it(`has the ${sizeBytes} bytes that were given, in whatever pieces`, async () => {
      const path = join(folder, `of-${sizeBytes}`)
      const file = await create(path)
      for (const piece of random.pieces(pattern.subarray(0, sizeBytes), 300_000)) await writeAll(file, piece)
      await file.datasync()
      await file.close()
      assert.ok(readFileSync(path).equals(pattern.subarray(0, sizeBytes)))
    })
  }

  it('is not made where there is a file', async () => {
    const path = join(folder, 'there')
    await (await create(path)).close()
    await assert.rejects(createDirectFile(path), { code: 'EEXIST' })
  })

  it('goes on with one piece where there is no second, and is none where there is no first', async () => {
    const free = sparePieces()
    const files = await Promise.all(
      Array.from({ length: free }, (_, at) => create(join(folder, `many-${at}`))),
    )
    assert.equal(await createDirectFile(join(folder, 'one-more')), null)
    assert.throws(() => statSync(join(folder, 'one-more')), { code: 'ENOENT' })
    const bytes = pattern.subarray(0, 3 * MIB + 5)
    for (const file of files.slice(0, 3)) await writeAll(file, bytes)
    for (const file of files) {
      await file.datasync()
      await file.close()
    }
    for (const at of [0, 1, 2]) assert.ok(readFileSync(join(folder, `many-${at}`)).equals(bytes))
    assert.equal(sparePieces(), free)
  })

  for (const [bytesWritten, code, what] of [
    [512, 'ENOSPC', 'as a full one where it takes some of a block, and no more'],
    [0, 'EIO', 'as one that fails where it takes nothing'],
  ] as const) {
    it(`tells of the disk ${what}`, async (t) => {
      const free = sparePieces()
      const file = await create(join(folder, `short-${bytesWritten}`))
      await writeAll(file, pattern.subarray(0, 10_000))
      const handle = await open(join(folder, `short-${bytesWritten}`))
      const calls = t.mock.method(Object.getPrototypeOf(handle) as FileHandle, 'write', async () => ({
        bytesWritten,
        buffer: pattern,
      }))
      await assert.rejects(file.datasync(), { code, syscall: 'write' })
      assert.equal(calls.mock.callCount(), 1)
      calls.mock.restore()
      await handle.close()
      await file.close()
      assert.equal(sparePieces(), free)
    })
  }

  it('is made so from a MiB on, by what is said of its size; a smaller one is written through the memory', async () => {
    for (const [sizeBytes, isBuffered] of [
      [undefined, true],
      [MIB - 1, true],
      [MIB, false],
    ] as const) {
      const file = await systemFiles.create(join(folder, `made-of-${sizeBytes}`), sizeBytes)
      assert.equal(file.isBuffered, isBuffered, String(sizeBytes))
      await file.close()
    }
  })

  it('fills its last block with zeros, never with what another file had in the same memory', async (t) => {
    for (let at = sparePieces(); at > 0; at--) {
      const before = await create(join(folder, `before-${at}`))
      await writeAll(before, Buffer.alloc(MIB, 0xff))
      await before.datasync()
      await before.close()
    }
    const path = join(folder, 'padded')
    const file = await create(path)
    await writeAll(file, pattern.subarray(0, 10_000))
    const handle = await open(path)
    const prototype = Object.getPrototypeOf(handle) as { write: (...call: unknown[]) => Promise<unknown> }
    const { write } = prototype
    const given: Buffer[] = []
    const calls = t.mock.method(prototype, 'write', async function (this: unknown, ...call: unknown[]) {
      given.push(Buffer.from(call[0] as Buffer))
      return await write.apply(this, call)
    })
    await file.datasync()
    calls.mock.restore()
    await handle.close()
    await file.close()
    const whole = Buffer.concat(given)
    assert.equal(whole.length, 3 * 4_096)
    assert.ok(whole.subarray(10_000).every((byte) => byte === 0))
    assert.equal(statSync(path).size, 10_000)
  })

  it('gives its pieces back when it is left in the middle', async () => {
    const free = sparePieces()
    const file = await create(join(folder, 'left'))
    await writeAll(file, pattern.subarray(0, 2 * MIB + 5))
    await file.close()
    assert.equal(sparePieces(), free)
  })
})
