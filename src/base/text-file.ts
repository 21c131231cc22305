import { readFileSync } from 'node:fs'

/**
 * The text of a file; empty when there is none. Throws an Error for a file that is no text in UTF-8: written again, it would not be what it was.
 */
export function readTextFile(path: string): string {
  const bytes = readBytes(path)
  try {
    // A mark at the beginning is kept, like all else.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Error(`${path} is no text in UTF-8`, { cause })
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Uint8Array()
    throw error
  }
}
