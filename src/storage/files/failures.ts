import { diskCodeOf, isFull } from '../disk-failure.ts'
import { StoreFull, StoreUnavailable } from '../metadata-store.ts'

/** Errors of the file system become StoreUnavailable. */
export async function answering<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = diskCodeOf(error)
    if (code === null) throw error
    if (isFull(code)) throw new StoreFull(1, { cause: error })
    throw new StoreUnavailable(`the blob store could not ${what}: ${code}`, { cause: error })
  }
}

/** The system's code of an error (`ENOSPC`), or null when it is not one of the system's. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}
