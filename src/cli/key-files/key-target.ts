import type { WrittenKey } from './written-key.ts'

/** A file that is to hold a key: what will stand in it, made of what stands there. */
export interface KeyTarget {
  /** The option that named it. */
  readonly option: string
  readonly path: string
  /** The text of the file with the key. Throws an Error where the text that is there cannot be gone on with. */
  readonly render: (text: string, key: WrittenKey) => string | Promise<string>
}
