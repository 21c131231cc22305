import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../../../src/storage/metadata-store.ts'

/** What a process on the store says to its parent. */
export type Word =
  | { readonly type: 'started' | 'compacting' }
  | { readonly type: 'compacted'; readonly pauseMs: number }
  | { readonly type: 'not compacted'; readonly why: string }
  /** It was acknowledged that it wrote `count` under its own key. */
  | { readonly type: 'wrote'; readonly count: number }
  /** It was acknowledged that it made the key that all share `to`, which nobody had changed since it was read. */
  | { readonly type: 'added'; readonly to: number }
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

/** What a writer asked for last and what was acknowledged last: of its own key, and of the one that all share. */
const NOTES = ['asked', 'wrote', 'adding', 'added'] as const
export type Note = (typeof NOTES)[number]

/**
 * Where a writer notes that. What it says to its parent may be lost with it: a parent that is busy takes nothing from the channel, and what does not fit there waits in the writer. What is written to a file is there
 * whenever the writer is killed.
 */
export const notesPath = (folder: string, name: string): string => join(folder, `notes-${name}`)

/** In the writer, before it asks and before it tells that it was acknowledged. `file`: of its notes. */
export function note(file: number, what: Note, count: number): void {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(count))
  writeSync(file, bytes, 0, bytes.length, NOTES.indexOf(what) * bytes.length)
}

/** What is in the notes; 0 where nothing was noted. */
export function readNotes(path: string): Record<Note, number> {
  const bytes = Buffer.alloc(NOTES.length * 8)
  readFileSync(path).copy(bytes)
  const at = (what: Note) => Number(bytes.readBigUInt64BE(NOTES.indexOf(what) * 8))
  return { asked: at('asked'), wrote: at('wrote'), adding: at('adding'), added: at('added') }
}
