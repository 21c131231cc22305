import { open, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]))

/** What a disk's refusals mean, for whoever runs the server and for clients: no paths. */
const MEANINGS: Readonly<Record<string, string>> = {
  EIO: 'the disk reported an error',
  EROFS: 'the file system is read only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'the process has no file descriptors left',
  ENFILE: 'the system has no file descriptors left',
  ENOMEM: 'there is no memory left',
  EACCES: 'the files may not be written',
  EPERM: 'the files may not be written',
  ENOENT: 'the folder of the store is gone',
}

/** The system's name of an error number, of either sign (`EIO` for 5 and -5); null where it has none. */
export const errorName = (number: number): string | null => NAMES.get(Math.abs(number)) ?? null

/** The system's name of what an error of a file says (`ENOSPC`), or null when it is not one of the system's. Node knows no name for some, EDQUOT for one. */
export function diskCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null
  const { errno, code } = error as { errno?: unknown; code?: unknown }
  return (typeof errno === 'number' ? errorName(errno) : null) ?? (typeof code === 'string' ? code : null)
}

/** A disk's refusal in words, with the system's name of it. */
export const describeDiskCode = (code: string): string =>
  MEANINGS[code] === undefined ? `the disk answered ${code}` : `${MEANINGS[code]} (${code})`

/** Whether the disk has no room, rather than a fault. */
export const isFull = (code: string | null): boolean => code === 'ENOSPC' || code === 'EDQUOT'

const TRIAL_BYTES = 64 * 1024

/**
 * Writes and syncs a small file in `folder`, and removes it: null when that works, else the system's name of what failed. An engine that only knows that
 * a write was cut short learns from it why.
 */
export async function tryDisk(folder: string): Promise<string | null> {
  const path = join(folder, `trial-${process.pid}`)
  try {
    const file = await open(path, 'w', 0o600)
    try {
      await file.write(Buffer.alloc(TRIAL_BYTES, 1))
      await file.datasync()
    } finally {
      await file.close()
    }
    return null
  } catch (error) {
    return diskCodeOf(error) ?? 'EIO'
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}
