import { createHash } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isRunning } from '../../base/is-running.ts'

/** Whose unfinished files are whose, in a folder that processes of several machines may share. */
export interface FileOwner {
  /** Names this machine since its last start, as seen from this process: process ids mean the same where it is the same. */
  machine(): Promise<string>
  readonly pid: number
  isRunning(pid: number): boolean
}

/** This process. */
export const thisProcess: FileOwner = {
  async machine() {
    const [boot, processes] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
      readlink('/proc/self/ns/pid').catch(() => ''),
    ])
    return createHash('sha256').update(`${hostname()}\n${boot}\n${processes}`).digest('hex').slice(0, 16)
  },
  pid: process.pid,
  isRunning,
}
