import { bodyBuffers } from '../../base/buffer-pool.ts'
import { BlobNotFound, DamagedBlob, type BlobId } from '../../storage/blob-store.ts'
import { compareText, mergeAscending } from '../store/store-content.ts'
import { listStates } from './backup-state.ts'
import { namedBlobs } from './clean-target.ts'
import { targetBlobId } from './names.ts'
import { DamagedRun, RunCursor } from './run-cursor.ts'
import type { RunInfo } from './run-format.ts'
import type { OnBackupProgress } from './state-taker.ts'
import { storedBlobs } from './target-content.ts'
import { readTargetStoreId, type BackupTarget } from './target.ts'

/** What was read of a target and what is wrong with it. */
export interface TargetReport {
  readonly states: number
  readonly runs: number
  readonly blobs: number
  readonly bytes: number
  readonly problemCount: number
  /** The first problems, in words. */
  readonly problems: readonly string[]
}

const PROBLEMS_SHOWN_MAX = 50

/** Reads every byte of a target, whatever is wrong with some of it: states, their runs, and the blobs. Needs no store and no key. */
export async function verifyTarget(
  target: BackupTarget,
  onProgress: OnBackupProgress = () => undefined,
): Promise<TargetReport> {
  const problems: string[] = []
  const counts = { states: 0, runs: 0, blobs: 0, bytes: 0, problems: 0 }
  const problem = (text: string): void => {
    if (++counts.problems <= PROBLEMS_SHOWN_MAX) problems.push(text)
  }
  if ((await readHead(target, problem)) === null) problem('there is nothing that says which store this is of')
  const { states, unreadable } = await listStates(target.store)
  counts.states = states.length + unreadable.length
  for (const { id, reason } of unreadable) problem(`state ${id}: ${reason}`)
  const runs = new Map(states.flatMap((state) => state.runs.map((run) => [run.id, run] as const)))
  const whole: RunInfo[] = []
  for (const run of runs.values()) {
    counts.runs++
    counts.bytes += run.keyBytes + run.valueBytes
    const wrong = await wrongRun(target, run)
    if (wrong === null) whole.push(run)
    else {
      const users = states.filter((state) => state.runs.some(({ id }) => id === run.id))
      problem(`run ${run.id}, of ${users.length} state(s) from ${shown(users[0]?.at)} on: ${wrong}`)
    }
    onProgress('runs', counts.runs, runs.size, counts.bytes)
  }
  const lacking = new Set(
    states.flatMap(({ damage }) =>
      damage.flatMap(({ kind, name }) => (kind === 'blob' ? [targetBlobId(name)] : [])),
    ),
  )
  const pairs = mergeAscending(
    namedBlobs(target.store, whole),
    storedBlobs(target.store),
    (id: BlobId, stored) => compareText(id, stored.id),
  )
  for await (const { left, right } of pairs) {
    if (!right) {
      if (left !== undefined && !lacking.has(left)) problem(`blob ${left} is missing`)
      continue
    }
    counts.blobs++
    counts.bytes += right.sizeBytes
    const wrong = await wrongBlob(target, right.id)
    if (wrong !== null) problem(`blob ${right.id}: ${wrong}`)
    onProgress('blobs', counts.blobs, 0, counts.bytes)
  }
  const { problems: problemCount, ...rest } = counts
  return { ...rest, problemCount, problems }
}

const shown = (at: number | undefined): string => (at === undefined ? '?' : new Date(at).toISOString())

async function readHead(target: BackupTarget, problem: (text: string) => void): Promise<string | null> {
  try {
    return await readTargetStoreId(target)
  } catch (error) {
    problem(`head: ${error instanceof Error ? error.message : String(error)}`)
    return ''
  }
}

async function wrongRun({ store }: BackupTarget, run: RunInfo): Promise<string | null> {
  const cursor = new RunCursor(store, run, { withValues: true })
  try {
    while (await cursor.next());
    return null
  } catch (error) {
    return damageIn(error)
  } finally {
    cursor.close()
  }
}

async function wrongBlob({ store }: BackupTarget, id: BlobId): Promise<string | null> {
  try {
    const stream: AsyncIterable<Uint8Array> = await store.get(id)
    for await (const piece of stream) bodyBuffers.giveBack(piece)
    return null
  } catch (error) {
    return damageIn(error)
  }
}

/** What is wrong, in words. Rethrows what says nothing about the bytes. */
function damageIn(error: unknown): string {
  if (error instanceof DamagedRun || error instanceof DamagedBlob || error instanceof BlobNotFound)
    return error.message
  if (error instanceof RangeError) return error.message
  throw error
}
