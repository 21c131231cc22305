import { readFileSync, readlinkSync } from 'node:fs'
import { isRunning } from './is-running.ts'

/** Names a process so that others can tell whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number
  /** Which processes the pid is one of: the start of the machine and the namespace; null where the system does not tell. */
  readonly pidSpace: string | null
  /** When the process began, as the system counts it: another process may get the pid later. Null where the system does not tell. */
  readonly startedAt: string | null
}

/** What is known of a process of this pid space. */
export function aboutProcess(pid: number): Pick<ProcessIdentity, 'pidSpace' | 'startedAt'> {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const pidSpace = `${boot} ${readlinkSync('/proc/self/ns/pid')}`
    return { pidSpace, startedAt: startOf(pid) }
  } catch {
    return { pidSpace: null, startedAt: null }
  }
}

/** This process. */
export const ownProcess = (): ProcessIdentity => ({ pid: process.pid, ...aboutProcess(process.pid) })

/** Whether that process still runs; null when that cannot be seen from here: it is on another machine, or in another container. */
export function isSameProcess({ pid, pidSpace, startedAt }: ProcessIdentity): boolean | null {
  if (pidSpace === null || pidSpace !== aboutProcess(process.pid).pidSpace) return null
  return isRunning(pid) && aboutProcess(pid).startedAt === startedAt
}

/** The 22nd word of /proc/PID/stat; the second, the program's name in parentheses, may hold anything. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A process that has ended and that nobody has asked for is none.
    return words[0] === 'Z' ? null : (words[19] ?? null)
  } catch {
    return null
  }
}
