import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LightsailClient } from '@aws-sdk/client-lightsail'
import { S3Client } from '@aws-sdk/client-s3'
import { ManualClock } from '../manual-clock.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import { createLogger } from '../../src/server/logging/logger.ts'
import { openStandardError } from '../../src/server/logging/standard-error.ts'
import { testStores } from '../s3/test-engines.ts'
import { Server } from '../../src/server/process/server.ts'
import { createAccount } from '../../src/service/accounts/create-account.ts'
import type { ServiceContext } from '../../src/service/context.ts'

interface KeyPair {
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
}

/** An account of the server with clients for both APIs. */
export interface FeatureAccount {
  readonly accountId: string
  readonly canonicalUserId: string
  readonly lightsail: LightsailClient
  readonly s3: S3Client
}

/** The whole server in this process, on a port of its own, with the stores of tests (in memory, or of a cluster) and a clock that the test moves. */
export interface FeatureServer {
  readonly endpoint: string
  readonly clock: ManualClock
  readonly context: ServiceContext
  createAccount(name: string): Promise<FeatureAccount>
  /** The official S3 client with any key; its time is the server's. */
  s3(key: KeyPair): S3Client
  /** Lets time pass, in one step, and does the background work that is due then. */
  pass(durationMs: number): Promise<void>
  stop(): Promise<void>
}

export const DAY_MS = 24 * 3_600_000
const REGION = 'us-east-1'

export async function startFeatureServer(
  options: Readonly<Record<string, string>> = {},
): Promise<FeatureServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-features-'))
  const clock = new ManualClock(Date.UTC(2030, 0, 10, 12))
  const uptime = new ManualClock(0)
  const settings = readSettings({
    options: new Map(
      Object.entries({
        data: folder,
        listen: '127.0.0.1:0',
        ...(await testStores()),
        ...options,
      }),
    ),
    environment: {},
  })
  const log = createLogger({ level: 'error', format: 'text', target: openStandardError(), clock })
  const server = await Server.open({
    settings,
    environment: {},
    clock,
    monotonicMs: () => uptime.now(),
    log,
    jobScopes: ['process', 'store'],
  })
  await server.listen()
  const endpoint = server.url
  const { context } = server.store
  const restoreDate = shareTime(clock)
  const clients: { destroy(): void }[] = []
  const common = (key: KeyPair) => ({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: key.accessKeyId ?? '', secretAccessKey: key.secretAccessKey ?? '' },
    maxAttempts: 1,
    disableClockSkewCorrection: true,
  })
  const keep = <C extends (typeof clients)[number]>(client: C): C => {
    clients.push(client)
    return client
  }
  const s3 = (key: KeyPair) => keep(new S3Client({ ...common(key), forcePathStyle: true }))
  return {
    endpoint,
    clock,
    context,
    s3,
    createAccount: async (name) => {
      const { account, rootKey } = await createAccount(context, name)
      const { accountId, canonicalUserId } = account
      return {
        accountId,
        canonicalUserId,
        lightsail: keep(new LightsailClient(common(rootKey))),
        s3: s3(rootKey),
      }
    },
    pass: async (durationMs) => {
      clock.advance(durationMs)
      uptime.advance(durationMs)
      await server.runDueJobs()
    },
    stop: async () => {
      for (const client of clients) client.destroy()
      await server.stop()
      restoreDate()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The clients sign with the time of their process, so that has to be the server's. Gives what puts the real time back. */
function shareTime(clock: ManualClock): () => void {
  const RealDate = globalThis.Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: ConstructorParameters<DateConstructor> | []) =>
      args.length === 0 ? new target(clock.now()) : new target(...args),
    get: (target, name) => (name === 'now' ? () => clock.now() : (Reflect.get(target, name) as unknown)),
  })
  return () => {
    globalThis.Date = RealDate
  }
}
