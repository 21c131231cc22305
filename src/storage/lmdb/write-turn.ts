import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isOwn, isOwnerGone, makeOwnedFile, OWNER_BYTES } from './owned-file.ts'

/** Says that a process opens the engine's file. */
const OPENING = 'opening'
/** Begins the names of the files in which each process says whether it writes. */
const WRITING_PREFIX = 'writing-'
/** In such a file, behind its process. */
const [IDLE, WRITING] = [Buffer.of(0), Buffer.of(1)]

const LOOK_INTERVAL_MS = 2
/** A turn that begins so soon after the one before goes on saying what that one said. */
const REST_MS = 5
/** So often whoever goes on and on says again that it writes. */
const SIGN_INTERVAL_MS = 1_000
/** So long whoever opens waits for those who write. Then it goes on: the disk does not answer, and a start must not depend on that. */
const WAIT_MS_MAX = 2_000
/** So long whoever writes waits for one who opens. */
const OPENING_MS_MAX = 10_000
/** Nobody writes for so long without a sign. */
const WRITING_MS_MAX = 60_000

/**
 * Keeps apart the writers of a file and those who open it, over all processes: the engine sets its count of transactions to what it read a moment before, and where somebody commits in between it is one too low for all.
 * Whoever writes says so first, and then looks whether somebody opens; whoever opens says so first, and then looks whether somebody writes. So at most one of the two goes on.
 */
export class WriteTurn {
  readonly #path: string
  readonly #own: string
  #file: number | null = null
  #isWriting = false
  /** When it was last said that this process writes; -Infinity: that it does not. */
  #saidAt = -Infinity
  #rest: NodeJS.Timeout | null = null

  /** `path`: of the engine's file. */
  constructor(path: string) {
    this.#path = path
    this.#own = join(dirname(path), `${WRITING_PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`)
  }

  /** Resolves when this process may write, until {@link end}; nobody opens the file meanwhile. */
  async begin(): Promise<void> {
    this.#isWriting = true
    this.#file ??= makeIfPossible(this.#own)
    for (;;) {
      const now = performance.now()
      if (now - this.#saidAt >= SIGN_INTERVAL_MS) this.#say(WRITING, now)
      if (!isOpened(this.#path)) return
      this.#say(IDLE, -Infinity)
      await delay(LOOK_INTERVAL_MS)
    }
  }

  /** This process does not write any more. It says so after a moment: a server mostly writes again at once. Who opens the file waits that much longer, if it comes just then. */
  end(): void {
    this.#isWriting = false
    if (this.#rest) this.#rest.refresh()
    else this.#rest = setTimeout(() => this.#sayIdle(), REST_MS).unref()
  }

  /** To be called when nothing is written any more. */
  close(): void {
    if (this.#rest) clearTimeout(this.#rest)
    this.#rest = null
    this.#saidAt = -Infinity
    if (this.#file === null) return
    try {
      closeSync(this.#file)
      rmSync(this.#own, { force: true })
    } catch {
      // Who opens looks whether the process lives.
    }
    this.#file = null
  }

  #sayIdle(): void {
    if (!this.#isWriting) this.#say(IDLE, -Infinity)
  }

  /** Where it cannot be said, nobody is to wait for it: the file goes, and is made again the next time. */
  #say(what: Buffer, at: number): void {
    this.#saidAt = at
    try {
      if (this.#file !== null) writeSync(this.#file, what, 0, 1, OWNER_BYTES)
    } catch {
      this.close()
    }
  }
}

/** A disk that lets no file be made hinders nobody: what this is against is improbable, and found out before it does harm. */
function makeIfPossible(path: string): number | null {
  try {
    return makeOwnedFile(path)
  } catch {
    return null
  }
}

/** Opens while no other process writes. Waits in this very turn: for the start of a process. */
export function openInTurn<T>(path: string, open: () => T): T {
  const until = performance.now() + WAIT_MS_MAX
  const isMade = tries(path)
  while (!isMade() && performance.now() < until) sleep()
  try {
    while (isWritten(path) && performance.now() < until) sleep()
    return open()
  } finally {
    isMade.undo()
  }
}

/** As {@link openInTurn}, letting others go on meanwhile. */
export async function reopenInTurn<T>(path: string, open: () => T): Promise<T> {
  const until = performance.now() + WAIT_MS_MAX
  const isMade = tries(path)
  while (!isMade() && performance.now() < until) await delay(LOOK_INTERVAL_MS)
  try {
    while (isWritten(path) && performance.now() < until) await delay(LOOK_INTERVAL_MS)
    return open()
  } finally {
    isMade.undo()
  }
}

/** Says that this process opens the file; false as long as another one does. */
function tries(path: string) {
  let isSaid = false
  const attempt = (): boolean => {
    if (isOpened(path)) return false
    const file = makeIfPossible(openingOf(path))
    if (file === null) return !isOpened(path)
    closeSync(file)
    return (isSaid = true)
  }
  return Object.assign(attempt, {
    undo: (): void => {
      if (isSaid) rmSync(openingOf(path), { force: true })
    },
  })
}

const openingOf = (path: string): string => join(dirname(path), OPENING)

/** Whether a process opens the file now. What one left that was killed is removed. */
function isOpened(path: string): boolean {
  const status = statSync(openingOf(path), { throwIfNoEntry: false })
  if (status === undefined) return false
  const isOver = Math.abs(Date.now() - status.mtimeMs) > OPENING_MS_MAX || isOwnerGone(openingOf(path))
  if (isOver) rmSync(openingOf(path), { force: true })
  return !isOver
}

/** Whether another process writes to the file now. */
function isWritten(path: string): boolean {
  const writers = readdirSync(dirname(path)).filter((name) => name.startsWith(WRITING_PREFIX))
  return writers.map((name) => join(dirname(path), name)).some(isWriting)
}

function isWriting(path: string): boolean {
  const said = Buffer.alloc(1)
  let mtimeMs: number
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, said, 0, 1, OWNER_BYTES)
      mtimeMs = fstatSync(file).mtimeMs
    } finally {
      closeSync(file)
    }
  } catch {
    // It was removed a moment ago.
    return false
  }
  if (isOwnerGone(path)) {
    rmSync(path, { force: true })
    return false
  }
  // Within a process the engine opens a file once. Of a process in another container it cannot be seen that it was killed.
  return said.equals(WRITING) && !isOwn(path) && Math.abs(Date.now() - mtimeMs) < WRITING_MS_MAX
}

function sleep(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_INTERVAL_MS)
}
