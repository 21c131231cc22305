import type { BlobStore } from '../../storage/blob-store.ts'
import { runBlobIds } from './names.ts'
import { DamagedRun, RunCursor } from './run-cursor.ts'
import { digestOf, type RunEntry, type RunInfo, type RunKey } from './run-format.ts'

/** An entry of several runs taken together: that of the newest run that has its key. */
export interface MergedKey extends RunKey {
  /** Null when it was removed, or values are not read. */
  readonly value: Buffer | null
}

/**
 * The entries of the runs, oldest run first, in order of key; those of removed records among them when `withRemoved`. `keepsAny`: the runs are of several
 * states, and a key is gone only where none of them has it.
 */
export async function* mergeRuns(
  target: BlobStore,
  runs: readonly RunInfo[],
  options: { readonly withValues: boolean; readonly withRemoved?: boolean; readonly keepsAny?: boolean },
): AsyncGenerator<MergedKey, void, undefined> {
  // The newest first: of equal keys its entry counts.
  const cursors = [...runs].reverse().map((run) => new RunCursor(target, run, options))
  try {
    const open: RunCursor[] = []
    for (const cursor of cursors) if (await cursor.next()) open.push(cursor)
    while (open.length > 0) {
      let least: { readonly cursor: RunCursor; readonly key: RunKey } | null = null
      for (const cursor of open) {
        const key = cursor.current
        if (key && (!least || key.key.compare(least.key.key) < 0)) least = { cursor, key }
      }
      if (!least) return
      const { key, cursor: newest } = least
      const isThere =
        !key.isRemoved ||
        options.withRemoved === true ||
        (options.keepsAny === true &&
          open.some(({ current }) => current?.isRemoved === false && current.key.equals(key.key)))
      if (isThere) yield { ...key, value: newest.value }
      for (let at = open.length - 1; at >= 0; at--) {
        const cursor = open[at]
        if (cursor?.current?.key.equals(key.key) && !(await cursor.next())) open.splice(at, 1)
      }
    }
  } finally {
    for (const cursor of cursors) cursor.close()
  }
}

/** As {@link mergeRuns} with values and removals: what makes one run of several. */
export async function* foldedRuns(target: BlobStore, runs: readonly RunInfo[]): AsyncGenerator<RunEntry> {
  for await (const { key, version, value } of mergeRuns(target, runs, {
    withValues: true,
    withRemoved: true,
  }))
    yield { key, version, value }
}

/** What the runs, oldest first, have under a key: the newest entry, with its value; null when no run has one. Reads the keys before it. */
export async function findInRuns(
  target: BlobStore,
  runs: readonly RunInfo[],
  wanted: Buffer,
): Promise<RunEntry | null> {
  for (const run of [...runs].reverse()) {
    const cursor = new RunCursor(target, run, { withValues: false })
    try {
      while (await cursor.next()) {
        const entry = cursor.current
        if (!entry || entry.key.compare(wanted) > 0) break
        if (!entry.key.equals(wanted)) continue
        return {
          key: wanted,
          version: entry.version,
          value: await readValue(target, run, entry, cursor.valueAt),
        }
      }
    } finally {
      cursor.close()
    }
  }
  return null
}

async function readValue(target: BlobStore, run: RunInfo, entry: RunKey, at: number): Promise<Buffer | null> {
  if (entry.isRemoved) return null
  if (entry.valueBytes === 0) return Buffer.alloc(0)
  const range = { start: at, end: at + entry.valueBytes - 1 }
  const pieces: Buffer[] = []
  const stream: AsyncIterable<Uint8Array> = await target.get(runBlobIds(run.id).values, range)
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  const value = Buffer.concat(pieces)
  if (!digestOf(value).equals(entry.digest)) throw new DamagedRun(run.id, 'the digest of a value is wrong')
  return value
}
