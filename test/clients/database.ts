import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientWorld, Owner } from './world.ts'

/** Where Debian puts the versions of PostgreSQL. Its tools of backup know these, and not always the newest. */
const DEBIAN = '/usr/lib/postgresql'
/** Name of the account that owns each database. */
const ACCOUNT = 'lugsail'

const binaries = (existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
  .sort((one, other) => Number(other) - Number(one))
  .map((version) => join(DEBIAN, version, 'bin'))
  .find((folder) => existsSync(join(folder, 'postgres')))

/** Why no test can have a database; false: it can. */
export const missingDatabase =
  binaries === undefined && 'PostgreSQL is not installed (see test/clients/install.sh)'

/** A PostgreSQL server of a test's own, reached by a socket in its folder; it never runs as root. */
export class Database {
  readonly folder: string
  readonly dataFolder: string
  readonly account = ACCOUNT
  readonly owner: Owner | undefined
  readonly #world: ClientWorld

  /** The database of a folder in the world's, which is made when it is not there. */
  constructor(world: ClientWorld, name: string) {
    this.#world = world
    this.folder = world.path(name)
    this.dataFolder = join(this.folder, 'data')
    this.owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
    world.beforeStop(() => this.stop())
    chmodSync(world.folder, 0o755)
    mkdirSync(this.dataFolder, { recursive: true, mode: 0o700 })
    for (const folder of [this.folder, this.dataFolder])
      if (this.owner !== undefined) chownSync(folder, this.owner.uid, this.owner.gid)
  }

  /** Fills the data folder of a new database. */
  async initialize(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.#control('initdb', ['-U', ACCOUNT, '-A', 'trust', '--no-sync'])
    this.set(settings)
  }

  /** Sets what holds from the next start. */
  set(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
    appendFileSync(join(this.dataFolder, 'postgresql.auto.conf'), lines.join(''))
  }

  /** Starts the server and waits until it answers; `environment` is found by the commands that it runs. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const options = `-k ${this.folder} -c listen_addresses=`
    await this.#control('pg_ctl', ['-w', '-l', join(this.folder, 'log'), '-o', options, 'start'], environment)
  }

  /** Stops the server once it has archived what it has to. */
  async stop(): Promise<void> {
    if (existsSync(join(this.dataFolder, 'postmaster.pid')))
      await this.#control('pg_ctl', ['-w', '-m', 'fast', 'stop'])
  }

  /** The first column of what a statement answers. */
  async ask(statement: string): Promise<string> {
    const args = ['-h', this.folder, '-U', ACCOUNT, '-d', 'postgres', '-Atc', statement]
    return (await this.#run('psql', args)).trim()
  }

  #control(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    return this.#run(program, ['-D', this.dataFolder, ...args], environment)
  }

  #run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { folder, owner } = this
    return this.#world.run(join(binaries ?? '', program), args, {
      folder,
      environment,
      ...(owner && { owner }),
    })
  }
}
