import { fork } from 'node:child_process'
import { join } from 'node:path'

/** Watches how fast the server tells its health. */
export interface HealthWatch {
  /** The slowest answer since the last call in milliseconds, infinite when one failed; how many there were. */
  readonly take: () => { readonly slowestMs: number; readonly answers: number }
  readonly stop: () => void
}

/** Begins to probe the server on this port of the machine, in another process. */
export function watchHealth(port: number): HealthWatch {
  const probe = fork(join(import.meta.dirname, 'health-probe.ts'), [String(port)])
  let slowestMs = 0
  let answers = 0
  probe.on('message', (tookMs) => {
    answers++
    slowestMs = Math.max(slowestMs, tookMs === -1 ? Infinity : Number(tookMs))
  })
  return {
    take: () => {
      const seen = { slowestMs, answers }
      slowestMs = 0
      answers = 0
      return seen
    },
    stop: () => void probe.kill(),
  }
}
