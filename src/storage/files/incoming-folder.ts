import { DAY_MS } from '../../base/milliseconds.ts'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, readlink, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../base/make-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
import { isRunning } from '../../base/is-running.ts'

const HEARTBEAT_MS = 60_000
/** After so long without a heartbeat, the files of a process on another machine are taken for leftovers. */
const STALE_AFTER_MS = DAY_MS

/**
 * This process's own folder of files that are still being written, `<root>/incoming/<machine>-<pid>-<random>`. Its time of change is
 * a heartbeat, so that other processes and hosts leave it alone.
 */
export class IncomingFolder {
  readonly path: string
  readonly #heartbeat: NodeJS.Timeout
  #count = 0

  private constructor(path: string) {
    this.path = path
    this.#heartbeat = setInterval(() => {
      const now = new Date()
      // A missed heartbeat does no harm for a day; the next one comes in a minute.
      utimes(path, now, now).catch(() => undefined)
    }, HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** Removes what dead processes left, then makes this process's own folder. */
  static async open(root: string): Promise<IncomingFolder> {
    const parent = join(root, 'incoming')
    makeFolder(parent, 0o700)
    makePrivate(parent)
    const machine = await machineName()
    for (const name of await readdir(parent)) {
      if (await isLeftover(parent, name, machine))
        await rm(join(parent, name), { recursive: true, force: true })
    }
    const path = join(parent, `${machine}-${process.pid}-${randomBytes(6).toString('hex')}`)
    await mkdir(path, { mode: 0o700 })
    return new IncomingFolder(path)
  }

  /** A path for a new file, used by no other. */
  newFile(): string {
    return join(this.path, String(this.#count++))
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await rm(this.path, { recursive: true, force: true })
  }
}

/** Names this machine since its last start, as seen from this process: process ids mean the same where it is the same. */
async function machineName(): Promise<string> {
  const [boot, processes] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ])
  return createHash('sha256').update(`${hostname()}\n${boot}\n${processes}`).digest('hex').slice(0, 16)
}

async function isLeftover(parent: string, name: string, machine: string): Promise<boolean> {
  const [owner, pid] = name.split('-')
  if (owner === machine) return !isRunning(Number(pid))
  try {
    return Date.now() - (await stat(join(parent, name))).mtimeMs > STALE_AFTER_MS
  } catch {
    // Gone meanwhile: its process closed, or another one removed it.
    return false
  }
}
