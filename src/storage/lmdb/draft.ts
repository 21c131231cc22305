import { setImmediate as nextTurn } from 'node:timers/promises'
import { append, copyFormat, makeUnsyncedEnvironment, transact, type Environment } from './environment.ts'
import type { DataFile } from './data-file.ts'
import { makeRoom, PAGES_BESIDES, PAGES_PER_KEY } from './file-room.ts'
import { DRAFT_SUFFIX } from './leftovers.ts'
import { isRestKey } from './divided-values.ts'
import type { Row } from './row-reader.ts'

/** What a key has now; null: nothing any more. */
export type CopiedState = Row | { readonly key: Buffer; readonly value: null }

/** So many rows at most are written without letting requests go first. */
const ROWS_PER_TURN = 128
/** A value that is longer may lie on pages of its own, with so many bytes more. */
const VALUE_BYTES_IN_PAGE_MAX = 1_024
const OWN_PAGES_BYTES = 32
const ROW_BYTES = 64

/** The file that a compaction makes: rows as they are, with their versions. Nothing of it is synced until it is whole, and no other process opens it. */
export class Draft {
  readonly #environment: Environment
  readonly file: DataFile
  #rests = 0

  private constructor(environment: Environment, file: DataFile) {
    this.#environment = environment
    this.file = file
  }

  /** Makes one for the file at `path`. Throws the system's error. */
  static make(path: string): Draft {
    const { environment, file } = makeUnsyncedEnvironment(path + DRAFT_SUFFIX)
    return new Draft(environment, file)
  }

  /** How many rows have no entry of their own: rests of values, whose beginnings lie beside their keys. */
  get rests(): number {
    return this.#rests
  }

  /** Puts rows, in order of key, behind those that are there, so that pages become full. Rejects with the system's error. */
  async append(rows: readonly Row[]): Promise<void> {
    let bytes = 0
    for (const { key, value } of rows) bytes += appendedBytes(key, value, this.file.pageBytes)
    makeRoom(this.file, bytes)
    await this.#transact(rows, ({ key, value, version }) => {
      append(this.#environment, key, value, version)
      if (isRestKey(key)) this.#rests++
    })
  }

  /** Notes the format of `from`, behind the last row. */
  async appendFormat(from: Environment): Promise<void> {
    makeRoom(this.file, 0)
    await transact(this.#environment, () => copyFormat(from, this.#environment))
  }

  /** Gives keys the state that they have now. Rejects with the system's error. */
  async set(states: readonly CopiedState[]): Promise<void> {
    let bytes = 0
    for (const { value } of states) bytes += value?.length ?? 0
    this.makeRoomFor(states.length, bytes)
    await this.#transact(states, (state) => {
      if (isRestKey(state.key)) {
        if (this.#environment.getBinaryFast(state.key)) this.#rests--
        if (state.value !== null) this.#rests++
      }
      if (state.value === null) this.#environment.removeSync(state.key)
      else this.#environment.putSync(state.key, state.value, state.version)
    })
  }

  /** Sees to it that so many keys can be set, with so many bytes of values: a full disk is found here, and not by the engine, which does not outlive it. Throws the system's error. */
  makeRoomFor(keys: number, valueBytes: number): void {
    makeRoom(this.file, valueBytes + (keys * PAGES_PER_KEY + PAGES_BESIDES) * this.file.pageBytes)
  }

  /** Closes it, and syncs it as the file whose next transaction has the number behind `transactionId`. It is then ready to take the other's place. */
  async finish(transactionId: number): Promise<void> {
    await this.#environment.close()
    this.file.cutToUsed()
    await this.file.renumber(transactionId)
  }

  /** Lets go of it. */
  async close(): Promise<void> {
    await this.#environment.close().catch(() => undefined)
    this.file.close()
  }

  async #transact<T extends CopiedState>(states: readonly T[], write: (state: T) => void): Promise<void> {
    await transact(this.#environment, async () => {
      for (const [index, state] of states.entries()) {
        if (index > 0 && index % ROWS_PER_TURN === 0) await nextTurn()
        write(state)
      }
    })
  }
}

/** What a row takes behind all others, in pages that are half full at worst. */
function appendedBytes(key: Buffer, value: Buffer, pageBytes: number): number {
  const besideKey = value.length > VALUE_BYTES_IN_PAGE_MAX ? 0 : value.length
  const ownPages = besideKey > 0 ? 0 : Math.ceil((value.length + OWN_PAGES_BYTES) / pageBytes)
  return 2 * (key.length + besideKey + ROW_BYTES) + ownPages * pageBytes
}
