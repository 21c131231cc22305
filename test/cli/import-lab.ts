import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer } from '../harness/server.ts'
import type { RunningServer } from '../harness/server.ts'
import { ImportWorld } from './import-world.ts'
import { ended } from './object-lab.ts'
import type { Ended } from './object-world.ts'

/** The built command line and the built server. */
export class ImportLab extends ImportWorld {
  #server: RunningServer | undefined

  protected override async startTarget(): Promise<RunningServer> {
    return (this.#server = await startServer({ isBuilt: true, engines: 'memory' }))
  }

  protected override async stopTarget(): Promise<void> {
    await this.#server?.stop()
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(EXECUTABLE, args, {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', ...this.env, ...env },
    })
  }

  override lugsail(...args: readonly string[]): Promise<Ended> {
    const child = this.spawn(args)
    child.stdin.end()
    return ended(child)
  }

  /** Begins an import of a bucket, with the source's profile. */
  begin(bucket: string, ...more: readonly string[]): ChildProcessWithoutNullStreams {
    return this.spawn(this.words(bucket, ...more))
  }
}
