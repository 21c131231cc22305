import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { patternBytes } from '../testing/blob-fixtures.ts'
import type { FileSystem } from './file-system.ts'
import { writeFile } from './write-file.ts'

const MIB = 1024 * 1024
/** So much more is written each time before it begins to be synced. */
const SYNC_BYTES = 16 * MIB

/** A file system with one file, which tells what was done to it, in order; `fails`: the call that fails, counted from 1. */
function worldOf({
  isBuffered = true,
  fails = {},
}: { readonly isBuffered?: boolean; readonly fails?: Readonly<Record<string, number>> } = {}) {
  const done: string[] = []
  const counts = new Map<string, number>()
  let content = Buffer.alloc(0)
  let sizeBytes: number | undefined
  const call = async (what: string): Promise<void> => {
    const count = (counts.get(what) ?? 0) + 1
    counts.set(what, count)
    await new Promise((resolve) => setImmediate(resolve))
    done.push(what)
    if (fails[what] === count) throw Object.assign(new Error(what), { code: 'EIO', syscall: what })
  }
  const file = {
    isBuffered,
    write: async (bytes: Uint8Array, from: number) => {
      // As a disk may, it takes half of what is much.
      const count = bytes.length - from > MIB / 2 ? (bytes.length - from) >> 1 : bytes.length - from
      const taken = Buffer.from(bytes.subarray(from, from + count))
      await call('write')
      content = Buffer.concat([content, taken])
      return count
    },
    datasync: () => call('sync'),
    close: () => call('close'),
  }
  const files = {
    create: async (_path: string, wanted?: number) => {
      sizeBytes = wanted
      await call('create')
      return file
    },
  } as unknown as FileSystem
  return {
    files,
    done,
    count: (what: string) => counts.get(what) ?? 0,
    written: () => ({ content, sizeBytes }),
  }
}

async function* bodyOf(bytes: Uint8Array, error?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000)
    yield await Promise.resolve(bytes.subarray(at, at + 100_000))
  if (error) throw error
}

describe('a new file', () => {
  it('has all bytes of its body, is synced at its end, and closed', async () => {
    for (const size of [0, 1, 3 * MIB + 5]) {
      const bytes = patternBytes(size)
      const { files, done, written } = worldOf()
      assert.equal(await writeFile(files, 'path', bodyOf(bytes), { sizeBytes: size }), size)
      assert.ok(written().content.equals(bytes))
      assert.equal(written().sizeBytes, size)
      assert.deepEqual([done[0], ...done.slice(-2)], ['create', 'sync', 'close'])
      assert.equal(done.filter((what) => what === 'sync').length, 1)
    }
  })

  it('begins to be synced each time that 16 MiB more were written, where the system keeps them in memory', async () => {
    const bytes = Buffer.alloc(2 * SYNC_BYTES)
    for (const [size, isBuffered, syncs] of [
      [SYNC_BYTES - 1, true, 1],
      [SYNC_BYTES, true, 2],
      [2 * SYNC_BYTES - 1, true, 2],
      [2 * SYNC_BYTES, true, 3],
      [2 * SYNC_BYTES, false, 1],
    ] as const) {
      const { files, count } = worldOf({ isBuffered })
      assert.equal(await writeFile(files, 'path', bodyOf(bytes.subarray(0, size)), {}), size)
      assert.equal(count('sync'), syncs, `${size}, ${isBuffered}`)
    }
  })

  it('fails as its body does, and is closed once nothing is under way any more', async () => {
    const failure = new Error('the client went')
    const { files, done } = worldOf()
    await assert.rejects(
      writeFile(files, 'path', bodyOf(Buffer.alloc(SYNC_BYTES + MIB), failure), {}),
      (error) => error === failure,
    )
    assert.equal(done.at(-1), 'close')
    assert.equal(done.filter((what) => what === 'sync').length, 1)
  })

  it('is not made where it is not wanted any more', async () => {
    const { files, done } = worldOf()
    const signal = AbortSignal.abort(new Error('gone'))
    await assert.rejects(writeFile(files, 'path', bodyOf(Buffer.of(1)), { signal }), { message: 'gone' })
    assert.deepEqual(done, [])
  })

  for (const [what, at, size] of [
    ['create', 1, 1],
    ['write', 1, 1],
    ['write', 3, 3 * MIB],
    ['sync', 1, 1],
    ['sync', 1, SYNC_BYTES + MIB],
    ['sync', 2, SYNC_BYTES + MIB],
    ['close', 1, 1],
  ] as const)
    it(`fails where the disk fails to ${what}, the ${at}. time of ${size} bytes, and is closed all the same`, async () => {
      const { files, done } = worldOf({ fails: { [what]: at } })
      await assert.rejects(
        writeFile(files, 'path', bodyOf(Buffer.alloc(size)), {}),
        (error) => error instanceof Error && error.cause instanceof Error && error.cause.message === what,
      )
      assert.equal(done.at(-1), what === 'create' ? 'create' : 'close')
    })
})
