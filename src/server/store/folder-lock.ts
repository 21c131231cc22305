import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigurationError, startError, StartFailure } from '../configuration/errors.ts'
import { isRunning } from '../../base/is-running.ts'
import { aboutProcess, type ProcessIdentity } from '../../base/process-identity.ts'

/** Who runs on a folder, as the lock file says it. */
interface Holder extends ProcessIdentity {
  readonly id: string
  /** Where its server answers; empty until it does. */
  readonly url: string
  /** It notices when another file takes the place of the metadata's. Absent: it is of a release that does not. */
  readonly followsFiles?: boolean
}

/** How often a holder says that it is alive, for those who cannot see its process: in another container, or on another machine. */
const BEAT_MS = 3_000
/** Who has not been heard of for so long is gone. */
const SILENCE_MS = 4 * BEAT_MS
const LOOK_MS = 250
/** Systems allow between 103 and 107. */
const SOCKET_PATH_BYTES_MAX = 103
/** Others may be faster, so often at most. */
const TRIES_MAX = 20

/** A folder that one server runs on; another one that is started on it is told so. */
export class FolderLock {
  readonly #path: string
  #holder: Holder
  readonly #beat: NodeJS.Timeout
  readonly #socket: Server | null

  /**
   * Takes the folder for this process. Throws StartFailure that names the process and the address of the server that has it. What a server left that was
   * killed does not count.
   */
  static async take(path: string): Promise<FolderLock> {
    const own: Holder = {
      id: randomUUID(),
      pid: process.pid,
      ...aboutProcess(process.pid),
      url: '',
      followsFiles: true,
    }
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (claim(path, own)) return new FolderLock(path, own, await listenAt(socketOf(path)))
      const other = readHolder(path)
      if (other === null) {
        // It was given up a moment ago, or is no lock.
        removeUnreadable(path)
        continue
      }
      if (await isAlive(path, other)) throw taken(path, other)
      if (readHolder(path)?.id === other.id) rmSync(path, { force: true })
    }
    throw new StartFailure(`data: ${path} changes all the time; other servers seem to start on this folder`)
  }

  private constructor(path: string, holder: Holder, socket: Server | null) {
    this.#path = path
    this.#holder = holder
    this.#socket = socket
    this.#beat = setInterval(() => this.#touch(), BEAT_MS).unref()
  }

  /** Notes where the server answers, for the message that another one gets. */
  announce(url: string): void {
    this.#holder = { ...this.#holder, url }
    // The lock holds without it: a full disk stops nothing.
    if (this.#isOurs) attempt(() => writeFileSync(this.#path, textOf(this.#holder), { mode: 0o600 }))
  }

  /** Gives the folder up. */
  release(): void {
    clearInterval(this.#beat)
    this.#socket?.close()
    if (this.#isOurs) attempt(() => rmSync(this.#path, { force: true }))
  }

  #touch(): void {
    const now = new Date()
    if (this.#isOurs) attempt(() => utimesSync(this.#path, now, now))
  }

  get #isOurs(): boolean {
    return readHolder(this.#path)?.id === this.#holder.id
  }
}

/** Throws StartFailure when a server runs on the folder of this lock that would go on with a file of the metadata after another one took its place. */
export async function assertServerFollows(path: string): Promise<void> {
  const holder = readHolder(path)
  if (holder === null || holder.followsFiles === true || !(await isAlive(path, holder))) return
  throw new StartFailure(
    `data: the server that runs (process ${holder.pid}) is of an older release, and cannot be beside this; restart it with this release, or stop it`,
  )
}

const textOf = (holder: Holder): string => `${JSON.stringify(holder)}\n`

/** Makes the lock file, whole, where there is none. */
function claim(path: string, holder: Holder): boolean {
  const draft = `${path}.${holder.id}`
  try {
    writeFileSync(draft, textOf(holder), { mode: 0o600, flag: 'wx' })
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    const why = error instanceof Error ? error.message : String(error)
    throw startError(`data: ${path} cannot be written: ${why}`, error)
  } finally {
    attempt(() => rmSync(draft, { force: true }))
  }
}

function readHolder(path: string): Holder | null {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
  return isHolder(value) ? value : null
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const { id, pid, pidSpace, startedAt, url, followsFiles } = value as Partial<Record<keyof Holder, unknown>>
  const isTextOrNull = (text: unknown): boolean => text === null || typeof text === 'string'
  return (
    typeof id === 'string' &&
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    typeof url === 'string' &&
    isTextOrNull(pidSpace) &&
    isTextOrNull(startedAt) &&
    (followsFiles === undefined || typeof followsFiles === 'boolean')
  )
}

/** A file that is cut by a crash stands in nobody's way; one that is being written is not that old. */
function removeUnreadable(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined) return
  if (!status.isFile()) throw new ConfigurationError(`data: ${path} is in the way of the server's lock file`)
  if (readHolder(path) === null) rmSync(path, { force: true })
}

const socketOf = (path: string): string => `${path}.socket`

/**
 * A socket beside the lock file, which the kernel takes from a process that ends, whatever container it was in: who can connect knows that the holder lives. Null
 * where the file system has no sockets, or the path is too long for one.
 */
function listenAt(path: string): Promise<Server | null> {
  attempt(() => rmSync(path, { force: true }))
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) return Promise.resolve(null)
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy())
    server.unref()
    server.once('error', () => resolve(null))
    server.listen({ path, exclusive: true }, () => resolve(server))
  })
}

/** `refused`: there is a socket, and nobody behind it. */
function knock(path: string): Promise<'answered' | 'refused' | 'no socket'> {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) return Promise.resolve('no socket')
  return new Promise((resolve) => {
    const connection = connect(path)
    connection.once('connect', () => {
      connection.destroy()
      resolve('answered')
    })
    connection.once('error', (error) =>
      resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'no socket'),
    )
  })
}

async function isAlive(path: string, holder: Holder): Promise<boolean> {
  const knocked = await knock(socketOf(path))
  if (knocked === 'answered') return true
  const own = aboutProcess(process.pid)
  // On the same kernel nobody holds the socket any more. (A pid space begins with the start of the machine.)
  if (knocked === 'refused' && holder.pidSpace !== null && bootOf(holder) === bootOf(own)) return false
  const isVisible = holder.pidSpace !== null && holder.pidSpace === own.pidSpace
  if (isVisible) return isRunning(holder.pid) && aboutProcess(holder.pid).startedAt === holder.startedAt
  // Where the system does not tell, a pid that is our own is that of another container, or of an earlier process there.
  if (own.pidSpace === null && holder.pid !== process.pid) return isRunning(holder.pid)
  // A process that cannot be seen from here: it lives when it says so again.
  const first = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += LOOK_MS) {
    await delay(LOOK_MS)
    const last = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (last === undefined) return false
    if (last !== first) return true
  }
  return false
}

const bootOf = ({ pidSpace }: Pick<Holder, 'pidSpace'>): string | undefined => pidSpace?.split(' ')[0]

function taken(path: string, { pid, url }: Holder): StartFailure {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const who = `process ${pid}${url === '' ? '' : `, ${url}`}`
  return new StartFailure(
    `data: another server runs on ${folder} already (${who}); stop it, or give this one a folder of its own with --data`,
  )
}

function attempt(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
}
