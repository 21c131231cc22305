import { secondsOf } from '../../key-words.ts'
import { UsageError } from '../../usage-error.ts'
import type { ObjectOptions } from '../run-context.ts'

/** How thoroughly both sides are compared: by their listings, also by what is said of each object, or byte by byte. */
export type VerifyDepth = 'listing' | 'metadata' | 'content'

/** A bucket of the source, and what it is called at the destination. */
export interface BucketPair {
  readonly from: string
  readonly to: string
}

/** What is to be imported, and how. */
export interface ImportOptions {
  /** Undefined: all that the source lists. */
  readonly buckets: readonly BucketPair[] | undefined
  readonly prefix: string
  readonly hasVersions: boolean
  readonly hasSettings: boolean
  readonly concurrency: number
  /** Undefined: one pass. */
  readonly followIntervalMs: number | undefined
  readonly isDeleting: boolean
  readonly isOverwriting: boolean
  /** Whether bytes that nothing vouches for but their number are taken. */
  readonly takesUnverified: boolean
  /** Undefined: copies, else only compares. */
  readonly verify: VerifyDepth | undefined
  readonly keysPath: string | undefined
}

const CONCURRENCY = { name: '--concurrency', min: 1, max: 256 }
const CONCURRENCY_DEFAULT = 16
const INTERVAL_DEFAULT = '1m'

/** Reads the options. @throws UsageError */
export function readImportOptions(options: ObjectOptions): ImportOptions {
  const interval = options.text('interval')
  if (interval !== undefined && !options.has('follow'))
    throw new UsageError('--interval is the time between the passes of --follow')
  const verify = verifyDepth(options)
  if (verify !== undefined)
    for (const key of ['follow', 'delete', 'overwrite'] as const)
      if (options.has(key)) throw new UsageError(`--verify changes nothing: leave out --${key}`)
  return {
    buckets: options.list('buckets')?.map(readPair),
    prefix: options.text('prefix') ?? '',
    hasVersions: options.text('versions') !== 'current',
    hasSettings: !options.has('noSettings'),
    concurrency: options.number('concurrency', CONCURRENCY) ?? CONCURRENCY_DEFAULT,
    followIntervalMs: options.has('follow')
      ? secondsOf('--interval', interval ?? INTERVAL_DEFAULT) * 1_000
      : undefined,
    isDeleting: options.has('delete'),
    isOverwriting: options.has('overwrite'),
    takesUnverified: options.has('acceptUnverified'),
    verify,
    keysPath: options.text('keys'),
  }
}

function verifyDepth(options: ObjectOptions): VerifyDepth | undefined {
  const depth = options.text('verify')
  return depth === 'listing' || depth === 'metadata' || depth === 'content' ? depth : undefined
}

/** `NAME`, or `NAME=NEW_NAME`. */
function readPair(text: string): BucketPair {
  const [from = '', to = from, ...more] = text.split('=')
  if (from === '' || to === '' || more.length > 0)
    throw new UsageError(`--bucket: expected NAME or NAME=NEW_NAME, got ${JSON.stringify(text)}`)
  return { from, to }
}
