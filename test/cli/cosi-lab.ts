import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { CosiWorld, type RunningDriver } from './cosi-world.ts'

/** A running `lugsail cosi`. */
export interface RunningCosi extends RunningDriver {
  readonly process: ChildProcess
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** The built server, and drivers as they were built. */
export class CosiLab extends CosiWorld {
  readonly #drivers: RunningCosi[] = []
  #running: RunningServer | undefined

  protected override async startServer(): Promise<RunningServer> {
    return (this.#running = await startServer({ isBuilt: true }))
  }

  protected override async stopServer(): Promise<void> {
    for (const driver of this.#drivers) {
      driver.process.kill('SIGKILL')
      await driver.ended
    }
    await this.#running?.stop()
  }

  /** Starts a driver and waits until it serves, or has ended. */
  override async drive(
    args: readonly string[] = [],
    {
      socket = join(this.folder, `${this.#drivers.length}.sock`),
      environment = {},
    }: {
      readonly socket?: string
      readonly environment?: Readonly<Record<string, string>>
    } = {},
  ): Promise<RunningCosi> {
    const child = spawn(EXECUTABLE, ['cosi', '--endpoint', `unix://${socket}`, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal)),
    )
    const serves = new Promise<void>((resolve) =>
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text
        if (log.includes('serves COSI')) resolve()
      }),
    )
    await Promise.race([serves, ended])
    const driver = { socket, log: () => log, process: child, ended, call: this.callerOf(socket) }
    this.#drivers.push(driver)
    return driver
  }
}
