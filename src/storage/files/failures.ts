import { diskCodeOf, isFull } from '../disk-failure.ts'
import { StoreFull, StoreUnavailable } from '../metadata-store.ts'

/** Errors of the file system become StoreUnavailable. */
export async function answering<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw unavailable(what, error)
  }
}

/** An error of the file system as StoreUnavailable; any other as it is. */
export function unavailable(what: string, error: unknown): Error {
  const code = diskCodeOf(error)
  if (code === null) return error instanceof Error ? error : new Error(String(error), { cause: error })
  if (isFull(code)) return new StoreFull(1, { cause: error })
  return new StoreUnavailable(`the blob store could not ${what}: ${code}`, { cause: error })
}

/** The system's code of an error (`ENOSPC`), or null when it is not one of the system's. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}
