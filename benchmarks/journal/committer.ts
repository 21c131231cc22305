import {
  closeSync,
  copyFileSync,
  fdatasync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Transaction } from 'lmdb'
import { crc32 } from '../../src/base/crc-32.ts'
import { syncFolder } from '../../src/base/sync-folder.ts'
import {
  makeUnsyncedEnvironment,
  transact,
  type OpenedEnvironment,
} from '../../src/storage/lmdb/environment.ts'

const datasync = promisify(fdatasync)

export const JOURNAL_BYTES = 64 * 1024 * 1024
const HEAD_BYTES = 12
const CHANGE_HEAD_BYTES = 6
/** The pages that say which state of the index counts. */
const META_BYTES = 8_192
const VERSION = 1

interface JournalOptions {
  /** Keeps the index beside, as each checkpoint synced it. */
  readonly keepsSynced?: boolean
  readonly bytes?: number
}

export interface Put {
  readonly key: Buffer
  readonly value: Buffer
}

export const paths = (folder: string) => ({
  index: join(folder, 'index.mdb'),
  /** As it is on the disk for certain: what a sync of the index left. Kept for {@link Committer.open} with `keepsSynced` alone. */
  synced: join(folder, 'index.synced'),
  journal: join(folder, 'journal'),
  checkpoint: join(folder, 'checkpoint'),
})

/**
 * The smallest journal before LMDB that could be one: each batch of changes is a record with a checksum, appended to a preallocated file and synced once; then it goes into LMDB, which is not synced but at a checkpoint. No reader sees what is not
 * durable, since the index is written behind the journal. Two things keep the index of the last checkpoint whole while unsynced transactions are written over the file: a read transaction, which keeps its pages from being used again, and a copy of the pages that
 * say which state counts, in the file of the checkpoint.
 */
export class Committer {
  readonly #paths: ReturnType<typeof paths>
  readonly #index: OpenedEnvironment
  readonly #journal: number
  readonly #keepsSynced: boolean
  readonly #bytes: number
  #epoch = 0
  #end = 0
  #pinned: Transaction | null = null
  #waiting: (Put & { readonly done: () => void })[] = []
  #isRunning = false
  checkpointMsMax = 0

  private constructor(folder: string, { keepsSynced = false, bytes = JOURNAL_BYTES }: JournalOptions) {
    this.#paths = paths(folder)
    this.#keepsSynced = keepsSynced
    this.#bytes = bytes
    this.#index = makeUnsyncedEnvironment(this.#paths.index)
    writeFileSync(this.#paths.journal, Buffer.alloc(bytes))
    this.#journal = openSync(this.#paths.journal, 'r+')
  }

  static async open(folder: string, options: JournalOptions = {}): Promise<Committer> {
    const committer = new Committer(folder, options)
    await transact(committer.#index.environment, () => undefined)
    await committer.#checkpoint()
    return committer
  }

  /** Where what is certain ends in the journal. */
  get end(): number {
    return this.#end
  }

  commit(put: Put): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ ...put, done: resolve })
      if (!this.#isRunning) void this.#run()
    })
  }

  /** Writes a record that is not synced, as one under way when the power goes. */
  writeUnsynced(puts: readonly Put[]): void {
    writeSync(this.#journal, recordOf(this.#epoch, puts), 0, undefined, this.#end)
  }

  async close(): Promise<void> {
    this.#pinned?.done()
    closeSync(this.#journal)
    this.#index.file.close()
    await this.#index.environment.close()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, 1_000)
      const record = recordOf(this.#epoch, batch)
      if (this.#end + record.length > this.#bytes) await this.#checkpoint()
      record.writeUInt32BE(this.#epoch, 0)
      writeSync(this.#journal, sealed(record), 0, undefined, this.#end)
      await datasync(this.#journal)
      this.#end += record.length
      await transact(this.#index.environment, () => {
        for (const { key, value } of batch) this.#index.environment.putSync(key, value, VERSION)
      })
      for (const { done } of batch) done()
    }
    this.#isRunning = false
  }

  async #checkpoint(): Promise<void> {
    const begun = performance.now()
    await this.#index.file.sync()
    const meta = readFileSync(this.#paths.index).subarray(0, META_BYTES)
    if (this.#keepsSynced) copyFileSync(this.#paths.index, this.#paths.synced)
    this.#epoch++
    const before = this.#pinned
    this.#index.environment.resetReadTxn()
    this.#pinned = this.#index.environment.useReadTransaction()
    before?.done()
    const epoch = Buffer.alloc(4)
    epoch.writeUInt32BE(this.#epoch)
    const draft = `${this.#paths.checkpoint}.new`
    const file = openSync(draft, 'w')
    writeSync(file, Buffer.concat([epoch, meta]))
    await datasync(file)
    closeSync(file)
    renameSync(draft, this.#paths.checkpoint)
    syncFolder(join(this.#paths.checkpoint, '..'))
    this.#end = 0
    this.checkpointMsMax = Math.max(this.checkpointMsMax, performance.now() - begun)
  }
}

function recordOf(epoch: number, puts: readonly Put[]): Buffer {
  const pieces: Buffer[] = [Buffer.alloc(HEAD_BYTES)]
  for (const { key, value } of puts) {
    const head = Buffer.alloc(CHANGE_HEAD_BYTES)
    head.writeUInt16BE(key.length, 0)
    head.writeUInt32BE(value.length, 2)
    pieces.push(head, key, value)
  }
  const record = Buffer.concat(pieces)
  record.writeUInt32BE(epoch, 0)
  record.writeUInt32BE(record.length - HEAD_BYTES, 4)
  return sealed(record)
}

function sealed(record: Buffer): Buffer {
  record.writeUInt32BE(sumOf(record), 8)
  return record
}

const sumOf = (record: Buffer): number => crc32(record.subarray(HEAD_BYTES), crc32(record.subarray(0, 8)))

/** What a start does with what a loss of power left: gives the index of the last checkpoint, with all whole records behind it. */
export async function recover(folder: string) {
  const { index, journal, checkpoint } = paths(folder)
  const saved = readFileSync(checkpoint)
  const epoch = saved.readUInt32BE(0)
  const file = openSync(index, 'r+')
  writeSync(file, saved, 4, META_BYTES, 0)
  closeSync(file)
  rmSync(`${index}-lock`, { force: true })
  const opened = makeUnsyncedEnvironment(index)
  const bytes = readFileSync(journal)
  let [at, puts] = [0, 0]
  for (;;) {
    const length = at + HEAD_BYTES <= bytes.length ? bytes.readUInt32BE(at + 4) : 0
    const record = bytes.subarray(at, at + HEAD_BYTES + length)
    if (length === 0 || record.length < HEAD_BYTES + length || record.readUInt32BE(0) !== epoch) break
    if (record.readUInt32BE(8) !== sumOf(record)) break
    const changes = changesIn(record)
    await transact(opened.environment, () => {
      for (const { key, value } of changes) opened.environment.putSync(key, value, VERSION)
    })
    puts += changes.length
    at += record.length
  }
  await opened.file.sync()
  return { ...opened, puts, bytes: at }
}

function changesIn(record: Buffer): Put[] {
  const changes: Put[] = []
  for (let at = HEAD_BYTES; at < record.length;) {
    const [keyBytes, valueBytes] = [record.readUInt16BE(at), record.readUInt32BE(at + 2)]
    at += CHANGE_HEAD_BYTES
    changes.push({
      key: record.subarray(at, at + keyBytes),
      value: record.subarray(at + keyBytes, at + keyBytes + valueBytes),
    })
    at += keyBytes + valueBytes
  }
  return changes
}
