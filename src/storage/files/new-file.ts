/** A file that is being written, from its beginning on. */
export interface NewFile {
  /** Whether what is written stays in memory until it is synced. */
  readonly isBuffered: boolean
  /** Writes what lies from `from` on behind what was written; gives how many bytes that were, one at least. */
  write(bytes: Uint8Array, from: number): Promise<number>
  /** Resolves when its bytes are on the disk; its name need not be. Of a file that is not buffered it is the end: nothing may be written afterwards. */
  datasync(): Promise<void>
  close(): Promise<void>
}
