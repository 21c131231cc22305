import { readFileSync, readdirSync } from 'node:fs'

export interface ProcessUsage {
  /** User and system time of the process and all its descendants, in seconds. */
  readonly cpuSeconds: number
  /** Memory that they hold now, shared pages counted once, in bytes. */
  readonly memoryBytes: number
}

const TICKS_PER_SECOND = 100

/** What a process tree has used, from /proc; a process that ends meanwhile counts no more. */
export function usageOfTree(rootPid: number): ProcessUsage {
  let cpuSeconds = 0
  let memoryBytes = 0
  for (const pid of treeOf(rootPid)) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ')
      cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
      const pss = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))
      memoryBytes += Number(pss?.[1] ?? 0) * 1024
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
  return { cpuSeconds, memoryBytes }
}

function treeOf(rootPid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      const parent = Number(
        readFileSync(`/proc/${pid}/stat`, 'latin1')
          .replace(/^.*\) /, '')
          .split(' ')[1],
      )
      children.set(parent, [...(children.get(parent) ?? []), pid])
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
  const tree = [rootPid]
  for (let at = 0; at < tree.length; at++) tree.push(...(children.get(tree[at] ?? 0) ?? []))
  return tree
}

const isGone = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
