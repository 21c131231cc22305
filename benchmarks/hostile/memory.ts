import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Memory of the process that is in use now (or was at most since {@link resetPeak}), in bytes. */
export function residentBytes(pid: number, which: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(line?.[1] ?? 0) * 1024
}

/** Makes the present use of memory the most that there was. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Open descriptors of the process. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** What a server is started with in its environment, so that {@link liveBytes} can ask it. */
export const tellingLiveBytes = (folder: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${resolve(import.meta.dirname, 'collect-on-signal.mjs')}`,
  HOSTILE_LIVE_FILE: join(folder, 'live'),
})

/** What is alive in the process after its garbage was collected, on V8's heap and outside of it, in bytes. */
export async function liveBytes(pid: number, folder: string): Promise<number> {
  const file = join(folder, 'live')
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (;;) {
    await new Promise((next) => setTimeout(next, 50))
    const told = existsSync(file) ? Number(readFileSync(file, 'latin1')) : 0
    if (told > 0) return told
  }
}
