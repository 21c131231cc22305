import { readFileSync, readdirSync } from 'node:fs'

/**
 * Processor time that the process's threads have used, in milliseconds: to the nanosecond, where the usual figure is in hundredths of a second. Threads
 * that ended meanwhile count no more.
 */
export function cpuMs(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0])
  return nanoseconds / 1e6
}

/** The middle one of an odd number of figures. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[figures.length >> 1] ?? NaN
}
