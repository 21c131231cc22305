import { randomBytes } from 'node:crypto'
import { prefixEnd } from '../../base/key.ts'
import type { Entry, MetadataStore } from '../metadata-store.ts'

/** A part of the store that one test has for itself, so that a suite can share one store. */
export interface KeySpace {
  readonly prefix: Buffer
  readonly end: Buffer
  /** A key inside: the prefix, then `text` as UTF-8 (or the bytes). */
  readonly key: (text: string | Uint8Array) => Buffer
  /** A key without the prefix, as text. */
  readonly name: (key: Buffer) => string
}

/** A part of the store that nobody else uses. */
export function newKeySpace(): KeySpace {
  const prefix = Buffer.concat([Buffer.from('t'), randomBytes(8)])
  const end = prefixEnd(prefix)
  if (!end) throw new Error('a key space that starts with a letter has an end')
  return {
    prefix,
    end,
    key: (text) => Buffer.concat([prefix, typeof text === 'string' ? Buffer.from(text) : text]),
    name: (key) => key.subarray(prefix.length).toString('utf8'),
  }
}

/** Sets one key to a text, without checks. */
export async function setText(store: MetadataStore, key: Buffer, text: string): Promise<void> {
  const outcome = await store.commit({ sets: [{ key, value: Buffer.from(text) }] })
  if (outcome !== 'ok') throw new Error(`an unconditional set must succeed, got ${outcome}`)
}

/** The entry of one key; null when there is none. */
export async function readOne(store: MetadataStore, key: Buffer): Promise<Entry | null> {
  const [entry] = await store.getMany([key])
  return entry ?? null
}

/** The value of one key as text; null when there is none. */
export async function readText(store: MetadataStore, key: Buffer): Promise<string | null> {
  const entry = await readOne(store, key)
  return entry && entry.value.toString('utf8')
}
