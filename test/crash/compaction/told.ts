import type { Entry } from '../../../src/storage/metadata-store.ts'

/** What a process on the store says to its parent. */
export type Word =
  | { readonly type: 'started' | 'compacting' }
  | { readonly type: 'compacted'; readonly pauseMs: number }
  | { readonly type: 'not compacted'; readonly why: string }
  /** It writes `count` under its own key, and that was acknowledged. */
  | { readonly type: 'writing' | 'wrote'; readonly count: number }
  /** It makes the key that all share `to`, if nobody changed it since it was read, and that was acknowledged. */
  | { readonly type: 'adding' | 'added'; readonly to: number }
  /** It read the key that all share. */
  | { readonly type: 'saw'; readonly value: number; readonly version: number }
  /** It read less than it was told of. */
  | { readonly type: 'stale'; readonly writer: string; readonly count: number; readonly found: number }

/** What a process is told: another one's write is there. */
export interface Told {
  readonly writer: string
  readonly count: number
}

/** The value that stands for a number. */
export function valueOf(number: number): Buffer {
  const value = Buffer.alloc(8 + (number % 700), number)
  value.writeBigUInt64BE(BigInt(number))
  return value
}

/** The number in a value; 0 where there is none. */
export const numberIn = (entry: Entry | null): number => (entry ? Number(entry.value.readBigUInt64BE(0)) : 0)

/** A key of one process, beside its own. */
export const spareKey = (name: string, count: number): Buffer =>
  Buffer.from(`spare/${((count * 7_919) % 1_000).toString().padStart(3, '0')}/${name}/${count}`)
