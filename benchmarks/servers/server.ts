import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'

/** A server under measurement, started and reachable. */
export interface BenchmarkServer {
  readonly name: string
  readonly version: string
  /** What an acknowledged write has survived when the response comes. */
  readonly durability: string
  readonly host: string
  readonly port: number
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Roots of its process trees; empty when it runs elsewhere. */
  readonly pids: readonly number[]
  stop(): Promise<void>
}

/** Starts one kind of server in a folder of its own; null with a reason when this machine cannot run it. */
export type StartServer = (folder: string) => Promise<BenchmarkServer | { readonly missing: string }>

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

export function start(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore', ...options, env: { ...process.env, ...options.env } })
  child.on('error', () => {})
  return child
}

/** Waits until the endpoint answers HTTP at all. */
export async function waitForResponse(
  host: string,
  port: number,
  child: ChildProcess,
  seconds = 30,
): Promise<void> {
  for (let tries = 0; tries < seconds * 20; tries++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with code ${child.exitCode}`)
    try {
      await fetch(`http://${host}:${port}/`)
      return
    } catch {
      await new Promise((next) => setTimeout(next, 50))
    }
  }
  throw new Error(`${child.spawnfile} does not answer on ${host}:${port}`)
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await closed
  clearTimeout(impatient)
}
