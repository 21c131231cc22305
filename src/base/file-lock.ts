import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './clock.ts'
import { isRunning } from './is-running.ts'
import { isSameProcess, ownProcess, type ProcessIdentity } from './process-identity.ts'

/** How often a holder says that it is alive, for those who cannot see its process: on another machine, in another container. */
const BEAT_MS = 10_000
/** Such a holder has ended when it has said nothing for so long; more than clocks of machines that share a folder are apart. */
const SILENCE_MS = 5 * 60_000
/** How long others are waited for: shorter, so that who waits never has the patience to take a lock from somebody slow. */
const WAIT_MAX_MS = 60_000
const LOOK_MS = 20

/** A file that one process at a time reads and writes anew. */
export interface FileLock {
  /** Lets the next one in. */
  release(): void
}

/** Who has the lock, as its file says it. */
interface Holder extends ProcessIdentity {
  readonly host: string
}

/**
 * Waits until no other process that asks so works on the file, and keeps the others out until the lock is released: what is read in between and written
 * again loses nothing that they write. Who takes several takes them in one order. What a process left that has ended counts for nothing. Throws the error
 * of the file system where no lock can be made, and an Error where others do not let go of it for a minute.
 *
 * The lock is a folder beside the file, `.lock` behind its name, with one file in it that has the holder's own random name:
 *
 *     credentials.lock/3f9c41…    the holder: process, machine; its time says when it was last alive
 *
 * A folder that is full cannot be renamed over, so that one alone comes in; and a holder is removed by its name, so that whoever finds one that has ended
 * removes that one and never the lock of somebody who came after.
 */
export async function lockFile(path: string): Promise<FileLock> {
  const lock = `${path}.lock`
  const name = randomBytes(12).toString('hex')
  const draft = `${lock}.${name}`
  const giveUpAt = monotonicMs() + WAIT_MAX_MS
  try {
    makeDraft(draft, name)
    while (!claim(draft, lock)) {
      const other = holderOf(lock)
      if (other?.isGone === true) other.remove()
      else if (monotonicMs() > giveUpAt)
        throw new Error(
          `${lock} is there: ${other?.who ?? 'another process'} is writing this file; remove it if that is not so`,
        )
      await sleep(LOOK_MS * (0.5 + Math.random()))
    }
    return hold(lock, name)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function makeDraft(draft: string, name: string): void {
  mkdirSync(draft, { mode: 0o700 })
  const holder: Holder = { ...ownProcess(), host: hostname() }
  writeFileSync(join(draft, name), `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: 'wx' })
}

/** Whether the draft is the lock now. */
function claim(draft: string, lock: string): boolean {
  try {
    renameSync(draft, lock)
    return true
  } catch (error) {
    if (!statSync(lock, { throwIfNoEntry: false })) {
      // It was let go of this moment.
      if (TAKEN.has(codeOf(error))) return false
      throw error
    }
    return false
  }
}

/** What systems answer where a folder is renamed over one that is full, or over a file. */
const TAKEN: ReadonlySet<unknown> = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EACCES'])

function hold(lock: string, name: string): FileLock {
  const file = join(lock, name)
  const beat = setInterval(() => {
    const now = new Date()
    attempt(() => utimesSync(file, now, now))
  }, BEAT_MS).unref()
  return {
    release() {
      clearInterval(beat)
      remove(lock, () => unlinkSync(file))
    },
  }
}

/** A folder that is empty is anybody's to remove. */
function remove(lock: string, removeHolder: () => void): void {
  attempt(removeHolder)
  attempt(() => rmdirSync(lock))
}

interface FoundHolder {
  readonly isGone: boolean
  /** For a message. */
  readonly who: string
  /** Removes it, and nobody else. */
  remove(): void
}

/** Who has the lock; null: nobody any more. */
function holderOf(lock: string): FoundHolder | null {
  try {
    const [name] = readdirSync(lock)
    // Where a folder cannot be renamed over an empty one either.
    if (name === undefined)
      return { isGone: true, who: 'nobody', remove: () => remove(lock, () => undefined) }
    const file = join(lock, name)
    const { mtimeMs } = statSync(file)
    const holder = readHolder(readFileSync(file, 'utf8'))
    return {
      isGone: holder ? (isEnded(holder) ?? isSilent(mtimeMs)) : isSilent(mtimeMs),
      who: holder ? `process ${holder.pid} of ${holder.host}` : 'another process',
      remove: () => remove(lock, () => unlinkSync(file)),
    }
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return null
      case 'ENOTDIR':
        return fileInTheWay(lock)
      case 'EACCES':
        return { isGone: false, who: "another user's process", remove: () => undefined }
      default:
        throw error
    }
  }
}

/** A file of that name is the lock of an earlier release, which says nothing of its holder. */
function fileInTheWay(lock: string): FoundHolder | null {
  const stats = statSync(lock, { throwIfNoEntry: false })
  if (!stats) return null
  return {
    isGone: isSilent(stats.mtimeMs),
    who: 'another process',
    remove: () => attempt(() => unlinkSync(lock)),
  }
}

const isSilent = (aliveAt: number): boolean => Date.now() - aliveAt > SILENCE_MS

/** Whether a process has ended; null when that cannot be seen from here. */
function isEnded(holder: Holder): boolean | null {
  const isAlive = isSameProcess(holder)
  if (isAlive !== null) return !isAlive
  // Systems without such spaces have one set of process ids on a machine.
  const isHere = holder.pidSpace === null && ownProcess().pidSpace === null && holder.host === hostname()
  return isHere ? !isRunning(holder.pid) : null
}

/** Null for what is cut by a crash. */
function readHolder(text: string): Holder | null {
  try {
    const { pid, pidSpace, startedAt, host } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>
    if (!Number.isSafeInteger(pid) || typeof host !== 'string') return null
    return { pid: Number(pid), pidSpace: textOf(pidSpace), startedAt: textOf(startedAt), host }
  } catch {
    return null
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Others may have been faster; what could not be removed is found by the next one. */
function attempt(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
}
