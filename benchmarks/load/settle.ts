import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LOOK_MS = 200
const LOOKS_MAX = 50
const BUSY_SHARE_MAX = 0.05

/**
 * Waits until the machine rests: what the last run left unsynced is on the disk and its server has done its work afterwards, so that the
 * next one does not pay for it. Gives up after ten seconds, since a server may have work of its own all the time.
 */
export async function settle(): Promise<void> {
  execFileSync('sync')
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const before = processorTicks()
    await new Promise((next) => setTimeout(next, LOOK_MS))
    const after = processorTicks()
    const idleTicks = after.idle - before.idle
    const allTicks = after.all - before.all
    if (allTicks > 0 && 1 - idleTicks / allTicks <= BUSY_SHARE_MAX) return
  }
}

/** Of all processors together, since the start of the machine. */
function processorTicks(): { readonly idle: number; readonly all: number } {
  const [, ...fields] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').trim().split(/\s+/)
  const ticks = fields.slice(0, 8).map(Number)
  // The fields are user, nice, system, idle, iowait, irq, softirq, steal; who waits for the disk still has work to do.
  return { idle: ticks[3] ?? 0, all: ticks.reduce((sum, one) => sum + one, 0) }
}
