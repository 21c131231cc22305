import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverCommand, serverEnvironment } from './server-command.ts'
import { PATIENCE_MS } from './until.ts'

export interface StartOptions {
  /** Processes that answer requests; 1 when absent. */
  readonly workers?: number
  /** `memory` keeps nothing and starts fastest; `embedded` (when absent) is LMDB and files in a temporary folder. */
  readonly engines?: 'embedded' | 'memory' | { readonly metadata: string; readonly blobs: string }
  /** A data folder of the test's own, which stays; else a temporary one, removed by `stop`. */
  readonly dataFolder?: string
  /** Runs what is built instead of the sources; see `serverCommand`. */
  readonly isBuilt?: boolean
  /** Further options of `lugsail serve`, without dashes: `{ 'inline-bytes-max': '0' }`. */
  readonly options?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, for both APIs. */
  readonly endpoint: string
  /** The first account's root key pair, in the form that the official SDKs take. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly region: string
  readonly dataFolder: string
  readonly pid: number
  /** What the server wrote so far: standard output, and its log (JSON lines) on standard error. */
  readonly output: () => string
  readonly log: () => string
  /** SIGTERM; resolves with the exit code when the server has drained and ended, and removes a temporary data folder. */
  readonly stop: () => Promise<number | null>
  /** Ends the process at once, as a crash would; the data folder stays for a next start. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>
}

const OUTPUT_CHARACTERS_MAX = 64 * 1024 * 1024

/** Starts the real server from its sources in a process of its own, on a free port, and waits until it answers. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'lugsail-server-'))
  const [program, ...before] = serverCommand(options.isBuilt)
  const child = spawn(program, [...before, 'serve', ...argumentsOf(options, dataFolder)], {
    env: { ...serverEnvironment(), HOME: dataFolder, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, log] = [collect(child, 'stdout'), collect(child, 'stderr')]
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const removeTemporary = (): void => {
    if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true })
  }
  try {
    const endpoint = await firstAddress(child, output, log)
    const stop = async (): Promise<number | null> => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      const code = await ended
      clearTimeout(timer)
      removeTemporary()
      return code
    }
    return {
      endpoint,
      ...readCredentials(dataFolder),
      dataFolder,
      pid: child.pid ?? 0,
      output,
      log,
      stop,
      kill: async (signal = 'SIGKILL') => {
        child.kill(signal)
        await ended
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    removeTemporary()
    throw error
  }
}

function argumentsOf({ workers, engines, options }: StartOptions, dataFolder: string): string[] {
  const stores = engines === 'memory' ? { metadata: 'memory:', blobs: 'memory:' } : engines
  const all = {
    data: dataFolder,
    listen: '127.0.0.1:0',
    'log-format': 'json',
    workers: String(workers ?? 1),
    ...(typeof stores === 'object' ? stores : {}),
    ...options,
  }
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`)
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = ''
  child[stream]?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-OUTPUT_CHARACTERS_MAX)
  })
  return () => text
}

/** The address that the server says it serves on, once it does. */
function firstAddress(child: ChildProcess, output: () => string, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the server ${why}\n${output()}\n${log()}`))
    const timer = setTimeout(() => fail('did not answer in time'), PATIENCE_MS)
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code ?? 'a signal'}`)
    })
    child.stdout?.on('data', () => {
      const address = /^Lugsail serves .* on (https?:\S+)/m.exec(output())?.[1]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}

function readCredentials(dataFolder: string) {
  const text = readFileSync(join(dataFolder, 'credentials'), 'utf8')
  const member = (name: string): string => new RegExp(`^${name} = (.*)$`, 'm').exec(text)?.[1] ?? ''
  return {
    credentials: {
      accessKeyId: member('aws_access_key_id'),
      secretAccessKey: member('aws_secret_access_key'),
    },
    region: member('region'),
  }
}
