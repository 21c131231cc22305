import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../src/base/clock.ts'
import { createDriver } from '../../src/cli/cosi/driver.ts'
import { serveDriver, type RunningDriver as ServingDriver } from '../../src/cli/cosi/grpc-server.ts'
import { createLog } from '../../src/cli/cosi/log.ts'
import { openServer } from '../../src/cli/cosi/open-server.ts'
import { readSocketPath } from '../../src/cli/cosi/socket-path.ts'
import { globalValues } from '../../src/cli/grammar/global-options.ts'
import { openSession } from '../../src/cli/session.ts'
import { startServer } from '../../src/testing/index.ts'
import type { TestServer } from '../../src/testing/types.ts'
import { CosiWorld, type RunningDriver } from './cosi-world.ts'

/** The server and the drivers in this process. */
export class CosiWorldInProcess extends CosiWorld {
  readonly #drivers: ServingDriver[] = []
  #running: TestServer | undefined

  protected override async startServer(): Promise<TestServer> {
    return (this.#running = await startServer())
  }

  protected override async stopServer(): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.stop()))
    await this.#running?.close()
  }

  override async drive(args: readonly string[] = []): Promise<RunningDriver> {
    const { values } = parseArgs({
      args: [...args],
      options: { 'seed-file': { type: 'string' }, 's3-endpoint': { type: 'string' } },
    })
    const socket = join(this.folder, `${this.#drivers.length}.sock`)
    let text = ''
    const log = createLog((line) => (text += line), systemClock)
    const findServer = () =>
      openServer(openSession(globalValues(new Map()), this.environment), {
        seedFile: values['seed-file'],
        s3Endpoint: values['s3-endpoint'],
      })
    const driver = createDriver({ driverName: 'lugsail.objectstorage.k8s.io', findServer, log })
    this.#drivers.push(await serveDriver(driver, readSocketPath(`unix://${socket}`), log))
    return { socket, log: () => text, call: this.callerOf(socket) }
  }
}
