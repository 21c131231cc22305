import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { isRunning } from '../../base/is-running.ts'

/** A file that belongs to one process begins with that process: its pid, and which processes that is one of. */
export const OWNER_BYTES = 128

/**
 * Makes a file of this process, open for reading and writing; nobody sees it before it names the process. Null when there is one at `path` already. Throws the system's error.
 */
export function makeOwnedFile(path: string): number | null {
  const draft = `${path}-${process.pid}`
  const file = openSync(draft, 'w+', 0o600)
  try {
    writeSync(file, ownerHead(process.pid), 0, OWNER_BYTES, 0)
    linkSync(draft, path)
    return file
  } catch (error) {
    closeSync(file)
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** What the file of a process on this machine begins with. */
export function ownerHead(pid: number): Buffer {
  const head = Buffer.alloc(OWNER_BYTES, ' ')
  head.write(`${pid} ${pidSpace()}`)
  return head
}

/** Whether the process of a file has ended, where that can be seen from here. */
export function isOwnerGone(path: string): boolean {
  const owner = ownerOf(path)
  if (owner === null || owner.space === '' || pidSpace() === '') return false
  if (bootOf(owner.space) !== bootOf(pidSpace())) return true
  return owner.space === pidSpace() && !isRunning(owner.pid)
}

/** Whether a file is of this very process. */
export function isOwn(path: string): boolean {
  const owner = ownerOf(path)
  return owner !== null && owner.space === pidSpace() && owner.pid === process.pid
}

function ownerOf(path: string): { readonly pid: number; readonly space: string } | null {
  const head = Buffer.alloc(OWNER_BYTES)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, head, 0, OWNER_BYTES, 0)
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
  const [pid = '', ...space] = head.toString().trim().split(' ')
  return /^\d+$/.test(pid) ? { pid: Number(pid), space: space.join(' ') } : null
}

/** A pid space begins with the start of the machine. */
const bootOf = (space: string): string | undefined => space.split(' ')[0]

let knownSpace: string | undefined

/** Which processes a pid is one of: the start of the machine, and the namespace. */
function pidSpace(): string {
  if (knownSpace !== undefined) return knownSpace
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    knownSpace = `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    knownSpace = ''
  }
  return knownSpace
}
