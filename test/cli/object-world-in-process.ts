import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../../src/testing/index.ts'
import type { TestServer } from '../../src/testing/types.ts'
import { ImportWorld } from './import-world.ts'
import { ObjectWorld } from './object-world.ts'
import type { Ended } from './object-world.ts'
import { executeInProcess } from './run-in-process.ts'

/** The command and the server in this process. */
export class ObjectWorldInProcess extends ObjectWorld {
  #running: TestServer | undefined

  protected override async startServer(): Promise<TestServer> {
    return (this.#running = await startServer())
  }

  protected override async stopServer(): Promise<void> {
    await this.#running?.close()
  }

  override run(...args: readonly string[]): Promise<Ended> {
    return executeInProcess(args, { env: this.env, cwd: this.cwd, stdin: '' })
  }

  /** By way of a file: standard output is this process's. */
  override async cat(place: string): Promise<string> {
    await this.run('cp', `s3://${place}`, 'shown', '--quiet')
    return readFileSync(join(this.cwd, 'shown'), 'utf8')
  }

  override runBare(...args: readonly string[]): Promise<Ended> {
    return executeInProcess(args, { env: this.bareEnv, cwd: this.cwd, stdin: '' })
  }
}

/** Both servers and the command in this process. */
export class ImportWorldInProcess extends ImportWorld {
  #running: TestServer | undefined

  protected override async startTarget(): Promise<TestServer> {
    return (this.#running = await startServer())
  }

  protected override async stopTarget(): Promise<void> {
    await this.#running?.close()
  }

  override lugsail(...args: readonly string[]): Promise<Ended> {
    return executeInProcess(args, { env: this.env, cwd: this.folder, stdin: '' })
  }
}
