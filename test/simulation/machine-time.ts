import crypto from 'node:crypto'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { SeededRandom } from '../seeded-random.ts'
import type { Planned, Timeline } from './timeline.ts'

/** As `require` gives it: its members can be replaced, and `syncBuiltinESMExports` then shows them to all who imported them. */
const timersPromises = createRequire(import.meta.url)('node:timers/promises') as {
  setTimeout: (delayMs?: number, value?: unknown) => Promise<unknown>
}

const real = {
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  dateNow: Date.now,
  performanceNow: performance.now.bind(performance),
  mathRandom: Math.random,
  pause: timersPromises.setTimeout,
  randomBytes: crypto.randomBytes,
  randomUUID: crypto.randomUUID,
  randomInt: crypto.randomInt,
}

/** Resolves when all that follows from what happened so far has run. */
export const nextRealTurn = (): Promise<void> => new Promise((resolve) => void real.setImmediate(resolve))

/** A timer as Node gives it, as far as it is used. */
class SimulatedTimer {
  planned: Planned | null = null

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cancel(): void {
    if (this.planned) this.planned.isCancelled = true
    this.planned = null
  }
}

/**
 * Puts a timeline in the place of Node's own clock, timers and randomness, for all of this process, until the function that it gives is called. At Node's own
 * modules, not by parameters through every rule: a call that was forgotten would make a run differ from its repetition without anybody noticing.
 */
export function takeOverTime(timeline: Timeline, startMs: number): () => void {
  const random = new SeededRandom(timeline.random.below(2 ** 31))
  const wait = (delayMs: number | undefined, act: () => void, repeats: boolean): SimulatedTimer => {
    const timer = new SimulatedTimer()
    const every = Math.max(1, delayMs ?? 1)
    const plan = (): void => {
      timer.planned = timeline.plan(every, null, () => {
        if (repeats) plan()
        act()
      })
    }
    plan()
    return timer
  }
  const stop = (timer: unknown): void => {
    if (timer instanceof SimulatedTimer) timer.cancel()
  }
  const randomBytes = (length: number): Buffer => random.bytes(length)
  const inPlace: readonly (readonly [object, string, unknown])[] = [
    [globalThis, 'setTimeout', (act: () => void, delayMs?: number) => wait(delayMs, act, false)],
    [globalThis, 'setInterval', (act: () => void, delayMs?: number) => wait(delayMs, act, true)],
    [globalThis, 'clearTimeout', stop],
    [globalThis, 'clearInterval', stop],
    [Date, 'now', () => startMs + Math.floor(timeline.nowMs)],
    [performance, 'now', () => timeline.nowMs],
    [Math, 'random', () => random.below(2 ** 30) / 2 ** 30],
    [
      timersPromises,
      'setTimeout',
      (delayMs = 1, value?: unknown) => timeline.pause(delayMs).then(() => value),
    ],
    [crypto, 'randomBytes', randomBytes],
    [crypto, 'randomUUID', () => uuidOf(randomBytes(16))],
    [
      crypto,
      'randomInt',
      (min: number, max?: number) => (max === undefined ? random.below(min) : min + random.below(max - min)),
    ],
  ]
  for (const [owner, name, value] of inPlace) Reflect.set(owner, name, value)
  syncBuiltinESMExports()
  return giveTimeBack
}

function giveTimeBack(): void {
  const inPlace: readonly (readonly [object, string, unknown])[] = [
    [globalThis, 'setTimeout', real.setTimeout],
    [globalThis, 'setInterval', real.setInterval],
    [globalThis, 'clearTimeout', real.clearTimeout],
    [globalThis, 'clearInterval', real.clearInterval],
    [Date, 'now', real.dateNow],
    [performance, 'now', real.performanceNow],
    [Math, 'random', real.mathRandom],
    [timersPromises, 'setTimeout', real.pause],
    [crypto, 'randomBytes', real.randomBytes],
    [crypto, 'randomUUID', real.randomUUID],
    [crypto, 'randomInt', real.randomInt],
  ]
  for (const [owner, name, value] of inPlace) Reflect.set(owner, name, value)
  syncBuiltinESMExports()
}

function uuidOf(bytes: Buffer): string {
  const text = bytes.toString('hex')
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(13, 16)}`,
    `8${text.slice(17, 20)}`,
    text.slice(20),
  ].join('-')
}
