import { AsyncLocalStorage } from 'node:async_hooks'
import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock } from 'node:test'
import type { ServerCommand } from '../src/server/commands/command.ts'
import { readSettings } from '../src/server/configuration/read.ts'
import { openStore, type OpenStore } from '../src/server/store/open-store.ts'
import { ManualClock } from './manual-clock.ts'

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Printed {
  out: string
  err: string
}

/** What is written belongs to the command in whose turn it is written; all else goes where it always does. */
const printing = new AsyncLocalStorage<Printed>()
let isWatching = false

function watchOutput(): void {
  if (isWatching) return
  isWatching = true
  for (const [stream, name] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const) {
    const write = stream.write.bind(stream)
    mock.method(stream, 'write', (...given: Parameters<typeof write>) => {
      const printed = printing.getStore()
      if (!printed) return write(...given)
      printed[name] += String(given[0])
      return true
    })
  }
  const writeSync = fs.writeSync.bind(fs) as (fileDescriptor: number, bytes: Uint8Array) => number
  mock.method(fs, 'writeSync', (...given: Parameters<typeof writeSync>) => {
    const [fileDescriptor, bytes] = given
    const printed = printing.getStore()
    if (!printed || fileDescriptor !== 1) return writeSync(...given)
    if (failures.secret) throw failures.secret
    printed.out += Buffer.from(bytes).toString()
    return bytes.length
  })
  syncBuiltinESMExports()
}

/** `secret`: what the system says where a secret is to be shown. */
const failures: { secret: Error | null } = { secret: null }

/** A data folder with a store in it, and commands that are carried out on it in this process. */
export class CommandLab {
  readonly clock = new ManualClock()
  /** Holds the data folder, and whatever a test puts beside it. */
  readonly root = mkdtempSync(join(tmpdir(), 'lugsail-commands-'))
  readonly data = join(this.root, 'data')
  /** Of the commands; the mark keeps them from reading the store in another process. */
  environment: Record<string, string> = { HOME: this.root, READER_OF_LUGSAIL: '1' }

  /** Opens the store, which is made when there is none, for some work of the test's own. */
  async onStore<T>(work: (store: OpenStore) => Promise<T>, data = this.data): Promise<T> {
    const store = await openStore({
      settings: readSettings({ options: new Map([['data', data]]), environment: {} }),
      environment: {},
      clock: this.clock,
      createsWhenMissing: true,
    })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  /** Carries a command out on the data folder; rejects as it does. */
  run(command: ServerCommand, ...args: readonly string[]): Promise<Ran> {
    return this.runBare(command, ...args, '--data', this.data)
  }

  /** As {@link run}, with nothing said of the data folder. */
  async runBare(command: ServerCommand, ...args: readonly string[]): Promise<Ran> {
    watchOutput()
    const printed = { out: '', err: '' }
    const code = await printing.run(printed, () =>
      command({ args, environment: this.environment, clock: this.clock }),
    )
    return { code, ...printed }
  }

  /** As {@link run}, where nobody reads the secret that is shown. */
  async runUnread(command: ServerCommand, ...args: readonly string[]): Promise<Ran> {
    failures.secret = Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })
    try {
      return await this.run(command, ...args)
    } finally {
      failures.secret = null
    }
  }

  /** The lines of the audit log, the last `count` of them. */
  audited(count: number, data = this.data): Record<string, unknown>[] {
    const lines = readFileSync(join(data, 'audit.log'), 'utf8').trim().split('\n')
    return lines.slice(-count).map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** The values behind the names of `name  value` lines. */
export const members = (out: string): Record<string, string> =>
  Object.fromEntries(
    out.split('\n').flatMap((line) => {
      const [, name, value] = /^(\S.*?) {2,}(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )
