import { randomBytes } from 'node:crypto'
import type { BlobId, BlobStore, ByteRange } from '../blob-store.ts'

/** A prefix of ids that one test has for itself, so that a suite can share one store. */
export const newIdPrefix = (): string => `t${randomBytes(8).toString('hex')}-`

/** `sizeBytes` bytes that differ from place to place, so that a shifted or swapped piece shows. */
export function patternBytes(sizeBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  for (let at = 0; at < sizeBytes; at++) bytes[at] = (at * 31 + (at >> 8) * 17 + (at >> 16)) & 0xff
  return bytes
}

/** The bytes as a body, in pieces of `chunkBytes`. */
export async function* bodyOf(bytes: Uint8Array, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

/** All bytes of a blob, or those in `range`. */
export async function readBlob(store: BlobStore, id: BlobId, range?: ByteRange): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of await store.get(id, range)) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a blob stream must give buffers')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Every id under the prefix, by pages of `limit`. */
export async function listIds(store: BlobStore, prefix: string, limit = 1000): Promise<BlobId[]> {
  const ids: BlobId[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await store.list({ prefix, limit, ...(after === undefined ? {} : { after }) })
    ids.push(...page.map(({ id }) => id))
    if (page.length < limit) return ids
  }
}
