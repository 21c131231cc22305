import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { isRestKey } from '../src/storage/lmdb/divided-values.ts'

/** Every entry of a store, in a scan. */
export const ALL = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 }

/** LMDB's file as it is, row by row, without what knows of entries. */
export type RawFile = RootDatabase<Buffer, Buffer>

/** Opens the file of a store that is closed. */
export function openRaw(folder: string): RawFile {
  return open<Buffer, Buffer>({
    path: join(folder, 'metadata.mdb'),
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    useVersions: true,
    overlappingSync: false,
  })
}

/** The keys of what lies beside entries since their values are divided, in order. */
export const restKeysIn = (raw: RawFile): Buffer[] =>
  [...raw.getKeys({ start: Buffer.of(0xff) })].filter(isRestKey)

interface Rows {
  /** Pages that belong to one value each. */
  readonly overflowPages: number
  readonly rests: Buffer[]
  /** The number of the file's format. */
  readonly format: number
}

/** What lies in the file of a store that is closed. */
export async function rowsIn(folder: string): Promise<Rows> {
  const raw = openRaw(folder)
  const { root: tree } = raw.getStats() as unknown as { readonly root: { readonly overflowPages: number } }
  const rests = restKeysIn(raw)
  const format = raw.get(Buffer.alloc(1_978, 0xff))?.readUInt32BE(0) ?? 0
  await raw.close()
  return { overflowPages: tree.overflowPages, rests, format }
}

/** A value that differs from those of other seeds, and in which no piece is like the next. */
export const bytesOf = (length: number, seed: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8) * 13 + seed * 31) & 0xff))
