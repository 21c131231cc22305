import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { resolve } from 'node:path'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer } from '../harness/server.ts'
import type { RunningServer } from '../harness/server.ts'
import { ObjectWorld } from './object-world.ts'
import type { Ended } from './object-world.ts'

export type { Ended } from './object-world.ts'

/** The built command line and the built server, with a home and a working folder of their own. */
export class ObjectLab extends ObjectWorld {
  #running: RunningServer | undefined

  protected override async startServer(): Promise<RunningServer> {
    return (this.#running = await startServer({ isBuilt: true }))
  }

  protected override async stopServer(): Promise<void> {
    await this.#running?.stop()
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(EXECUTABLE, args, {
      cwd: this.cwd,
      env: { PATH: process.env['PATH'] ?? '', ...this.env, ...env },
    })
  }

  override run(...args: readonly string[]): Promise<Ended> {
    const child = this.spawn(args)
    child.stdin.end()
    return ended(child)
  }

  override async cat(place: string): Promise<string> {
    return (await this.run('cat', place)).stdout
  }

  override runBare(...args: readonly string[]): Promise<Ended> {
    const child = spawn(EXECUTABLE, args, {
      cwd: this.cwd,
      env: { PATH: process.env['PATH'] ?? '', ...this.bareEnv },
    })
    child.stdin.end()
    return ended(child)
  }

  /** Runs a line of `sh`, in which `lugsail` is the command. */
  shell(line: string): Promise<Ended> {
    const env = { ...this.env, PATH: `${resolve(EXECUTABLE, '..')}:${process.env['PATH'] ?? ''}` }
    const child = spawn('/bin/sh', ['-c', line], { cwd: this.cwd, env })
    child.stdin.end()
    return ended(child)
  }
}

/** Waits for the end of a command. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => done({ exitCode, stdout, stderr }))
  })
}
