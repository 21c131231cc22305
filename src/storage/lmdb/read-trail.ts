import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Key } from '../metadata-store.ts'

/** Beside the store's file; behind it the process's id, and what tells its stores apart. */
const PREFIX = 'metadata.mdb-trail-'
const TRAIL_BYTES = 8 * 1024

/** What a process is about to read: a row, or the row that follows a key (or, in reverse, goes before it). */
export interface Step {
  readonly kind: 'row' | 'after' | 'before'
  /** Hexadecimal. */
  readonly key: string
}

/** Those of stores that this process has open. */
const own = new Set<string>()

/**
 * Where a process is in the mapped file, for whoever comes after it. A page that the disk cannot read ends the process that touches it, at once (SIGBUS), and
 * what it was about to read is then all that can be known. A file of a page's size, written and never synced: the system keeps it when the process dies.
 */
export class ReadTrail {
  readonly #folder: string
  readonly #name = `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`
  readonly #file: number
  readonly #page = Buffer.alloc(TRAIL_BYTES, ' ')
  #isEmpty = true

  constructor(folder: string) {
    this.#folder = folder
    this.#file = openSync(join(folder, this.#name), 'wx', 0o600)
    own.add(this.#name)
  }

  /** To be called before the row is touched. Throws the system's error. */
  note(kind: Step['kind'], key: Key): void {
    const step: Step = { kind, key: Buffer.from(key).toString('hex') }
    this.#write(JSON.stringify(step))
    this.#isEmpty = false
  }

  /** What was noted was read. Throws the system's error. */
  clear(): void {
    if (this.#isEmpty) return
    this.#write('')
    this.#isEmpty = true
  }

  close(): void {
    closeSync(this.#file)
    own.delete(this.#name)
    unlinkSync(join(this.#folder, this.#name))
  }

  #write(text: string): void {
    this.#page.fill(' ')
    this.#page.write(text)
    writeSync(this.#file, this.#page, 0, TRAIL_BYTES, 0)
  }
}

/** What processes left that ended without closing the store; `steps` those that died in the midst of one. */
interface LeftTrails {
  readonly isAny: boolean
  readonly steps: readonly Step[]
}

/** Takes the trails of processes that are gone. */
export function takeLeftTrails(folder: string): LeftTrails {
  const steps: Step[] = []
  let isAny = false
  for (const name of trailsIn(folder)) {
    if (own.has(name) || isOfOther(name)) continue
    const step = readStep(join(folder, name))
    if (step) steps.push(step)
    isAny = true
    unlinkSync(join(folder, name))
  }
  return { isAny, steps }
}

/** Whether some process has the store open. */
export const isAnyOpen = (folder: string): boolean => trailsIn(folder).length > 0

const trailsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith(PREFIX))

function readStep(path: string): Step | null {
  const text = readFileSync(path, 'utf8').trim()
  if (text === '') return null
  try {
    return JSON.parse(text) as Step
  } catch {
    // A loss of power may leave anything.
    return null
  }
}

/** Whether another process that runs has this name; ids are used again, and one of this process is then of one that is gone. */
function isOfOther(name: string): boolean {
  const pid = Number.parseInt(name.slice(PREFIX.length), 10)
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
