import { StoreUnavailable } from '../metadata-store.ts'

/** Errors of the file system become StoreUnavailable. */
export async function answering<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = codeOf(error)
    if (code === null) throw error
    throw new StoreUnavailable(`the blob store could not ${what}: ${code}`, { cause: error })
  }
}

/** The system's code of an error (`ENOSPC`), or null when it is not one of the system's. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}
