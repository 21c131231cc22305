import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { LightsailClient } from '@aws-sdk/client-lightsail'
import { systemClock } from '../../src/base/clock.ts'
import type { Clock } from '../../src/base/clock.ts'
import { createControlHandler } from '../../src/control/control-handler.ts'
import type { AuditLogReader } from '../../src/control/server-facts.ts'
import { KeyUseMeter } from '../../src/service/key-uses/key-use-meter.ts'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import type { NewAccount } from '../../src/service/accounts/create-account.ts'
import type { ServiceContext, ServiceSettings } from '../../src/service/context.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { anonymousClient } from '../harness/anonymous-client.ts'
import { memoryContext } from '../memory-context.ts'

export interface ControlServer {
  readonly url: string
  readonly port: number
  readonly context: ServiceContext
  readonly keyUses: KeyUseMeter
  readonly account: NewAccount
  /** Everything logged as an error. */
  readonly logged: { fields: object; message: string }[]
  client(key?: AccessKeyPair, region?: string): LightsailClient
  stop(): Promise<void>
}

/** Starts the control plane alone on a free port, on stores in memory, with one account. */
export async function startControlServer(
  options: {
    readonly clock?: Clock
    readonly settings?: Partial<ServiceSettings>
    readonly accountName?: string
    readonly auditLog?: AuditLogReader
  } = {},
): Promise<ControlServer> {
  const context = memoryContext({ clock: options.clock ?? systemClock, settings: options.settings ?? {} })
  const account = await createAccount(context, options.accountName ?? 'main')
  const keyUses = new KeyUseMeter(context)
  const handle = createControlHandler({
    service: context,
    keyUses,
    server: { version: 'test', auditLog: options.auditLog ?? null },
  })
  const logged: { fields: object; message: string }[] = []
  const quiet = () => undefined
  const error = (fields: object, message: string) => void logged.push({ fields, message })
  const server = createServer((request, response) => {
    const requestId = randomBytes(8).toString('hex').toUpperCase()
    const log = { debug: quiet, info: quiet, warn: quiet, error }
    const receivedAt = context.clock.now()
    handle({ request, response, requestId, receivedAt, log, client: anonymousClient, facts: {} }).catch(
      (failure: unknown) => {
        // A client that went away in the middle of its request.
        logged.push({ fields: { failure }, message: 'handler rejected' })
        response.destroy()
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  const { port } = address
  const url = `http://127.0.0.1:${port}`
  const clients: LightsailClient[] = []
  return {
    url,
    port,
    context,
    keyUses,
    account,
    logged,
    client: (key = account.rootKey, region = 'us-east-1') => {
      const client = new LightsailClient({ endpoint: url, region, credentials: key, maxAttempts: 1 })
      clients.push(client)
      return client
    },
    stop: async () => {
      for (const client of clients) client.destroy()
      await context.accessKeyUses.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
