import type { Change, MetadataStore } from '../../storage/metadata-store.ts'
import type { Attempt } from './attempt.ts'

/** How long a request waits for its turn and tries again, in all; its first attempt it has whenever its turn comes. */
const WAIT_MS_MAX = 10_000

/** What a writer decided on, and how it is told that this is in the store. */
export interface Decision {
  /** Null: nothing is to be changed. */
  readonly change: Change | null
  readonly whenNotEmpty?: () => Error
  readonly answer: () => void
}

/** Who waits for the turn of a record. One of `answer` and `refuse` is called, once. */
export interface Writer {
  /** Reads in this store and decides; throws to refuse. */
  readonly decide: (metadata: MetadataStore) => Promise<Decision>
  readonly refuse: (error: unknown) => void
  /** What it was refused for, if it was. */
  refusal?: unknown
  /** On the clock of `performance.now()`. */
  readonly cameAt: number
  readonly giveUpAt: number
  attempts: number
  /** Its change is committed for itself: it reads the process's own store whatever it is given, or must not fail with others. */
  isAlone: boolean
}

/** A writer, and what becomes of it. */
export function newWriter<T>(
  prepare: (metadata: MetadataStore) => Promise<Attempt<T>>,
  { isAlone }: { readonly isAlone: boolean },
): { readonly writer: Writer; readonly result: Promise<T> } {
  const { promise: result, resolve, reject } = withResolvers<T>()
  const decide = async (metadata: MetadataStore): Promise<Decision> => {
    const attempt = await prepare(metadata)
    return { ...attempt, answer: () => resolve(attempt.result) }
  }
  const cameAt = performance.now()
  const writer: Writer = {
    decide,
    refuse: (error) => {
      writer.refusal = error
      reject(error)
    },
    cameAt,
    giveUpAt: cameAt + WAIT_MS_MAX,
    attempts: 0,
    isAlone,
  }
  return { writer, result }
}

/** As `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onDone, onFailed) => {
    resolve = onDone
    reject = onFailed
  })
  return { promise, resolve, reject }
}
