/** The package's `lugsail/testing`: a whole server in the process of a test, in memory, that can be put back. */
import { hostAndPort } from '../server/configuration/address.ts'
import { readSettings } from '../server/configuration/read.ts'
import {
  settings as knownSettings,
  type SettingName,
  type SettingValues,
} from '../server/configuration/schema.ts'
import { EphemeralServer, type Snapshot } from '../server/ephemeral/ephemeral-server.ts'
import { InvalidInput } from '../server/ephemeral/invalid-input.ts'
import { MovableClock } from '../server/ephemeral/movable-clock.ts'
import type { Seed } from '../server/ephemeral/types.ts'
import { createLogger } from '../server/logging/logger.ts'
import type { TestServer, TestServerOptions, TestSnapshot } from './types.ts'

export type * from './types.ts'

const DRAIN_TIMEOUT_MS = 5_000

/** Starts a server; resolves when it answers. Any number may run in a process, and share nothing. Rejects for options that cannot be. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  checkNames(options)
  const { seed } = options
  const settings = settingsOf(options)
  const clock = clockOf(options.clock)
  const server = await EphemeralServer.start(
    {
      settings,
      clock,
      log: createLogger({
        level: settings.logLevel,
        format: 'text',
        target: (piece, done) => void process.stderr.write(piece, done),
        clock,
      }),
      holdsProcess: options.keepsProcessAlive === true,
    },
    (seeder) => plant(seed, seeder),
  )
  return testServerOf(server)
}

function testServerOf(server: EphemeralServer): TestServer {
  const { url: endpoint, region, accountId } = server
  const credentials = { ...server.rootKey }
  const snapshots = new WeakMap<TestSnapshot, Snapshot>()
  const lightsailClientOptions = { endpoint, region, credentials }
  let closing: Promise<void> | undefined
  return {
    endpoint,
    region,
    accountId,
    credentials,
    lightsailClientOptions,
    s3ClientOptions: { ...lightsailClientOptions, forcePathStyle: true },
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    clock: {
      now: () => server.now(),
      advance: (duration) => server.advance(duration),
      advanceTo: (moment) => server.advanceTo(moment),
    },
    reset: () => server.reset(),
    snapshot: async () => {
      const taken = { takenAt: server.now() }
      snapshots.set(taken, await server.snapshot())
      return taken
    },
    restore: async (taken) => {
      const snapshot = snapshots.get(taken)
      if (!snapshot) throw new InvalidInput('restore: expected a snapshot that this server gave')
      await server.restore(snapshot)
    },
    seed: (seed) =>
      plant(seed, {
        plant: (given) => server.seed(given as Seed),
        plantFolder: (folder) => server.seedFolder(folder),
      }),
    createBucket: (name, bucket) => server.createBucket(name, bucket),
    createBucketAccessKey: (bucketName) => server.createBucketAccessKey(bucketName),
    failNext: (fault) => server.faults.add(fault),
    requests: () => server.requests(),
    close: () => (closing ??= server.close(DRAIN_TIMEOUT_MS)),
  }
}

async function plant(
  seed: string | Seed | undefined,
  into: {
    readonly plant: (seed: unknown) => Promise<void>
    readonly plantFolder: (folder: string) => Promise<void>
  },
): Promise<void> {
  if (typeof seed === 'string') await into.plantFolder(seed)
  else if (seed !== undefined) await into.plant(seed)
}

const OPTION_NAMES: Readonly<Record<keyof TestServerOptions, true>> = {
  port: true,
  host: true,
  accountId: true,
  credentials: true,
  region: true,
  clock: true,
  seed: true,
  memoryBytesMax: true,
  requestsKept: true,
  logLevel: true,
  settings: true,
  keepsProcessAlive: true,
}

function checkNames(options: TestServerOptions): void {
  const unknown = Object.keys(options).find((name) => !(name in OPTION_NAMES))
  if (unknown !== undefined)
    throw new InvalidInput(
      `startServer has no option "${unknown}"; it has ${Object.keys(OPTION_NAMES).join(', ')}`,
    )
}

function settingsOf(options: TestServerOptions): SettingValues {
  const { host = '127.0.0.1', port = 0, credentials, settings: further = {} } = options
  const given: Readonly<Partial<Record<SettingName, string | number | boolean | undefined>>> = {
    ephemeral: 'yes',
    listen: hostAndPort({ host, port }),
    accountId: options.accountId,
    rootAccessKeyId: credentials?.accessKeyId,
    rootSecretAccessKey: credentials?.secretAccessKey,
    region: options.region,
    memoryBytesMax: options.memoryBytesMax,
    requestsKept: options.requestsKept,
    logLevel: options.logLevel ?? 'silent',
    console: 'off',
    ...further,
  }
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(knownSettings, name)) throw new InvalidInput(`settings: there is no setting "${name}"`)
    if (value !== undefined) texts.set(knownSettings[name as SettingName].option, String(value))
  }
  return readSettings({ options: texts, environment: {} })
}

function clockOf({ now, stopped = false }: NonNullable<TestServerOptions['clock']> = {}): MovableClock {
  if (now === undefined) return new MovableClock({ isStopped: stopped })
  const startMs = new Date(now).getTime()
  if (Number.isNaN(startMs)) throw new InvalidInput(`clock: expected a date, got ${String(now)}`)
  return new MovableClock({ startMs, isStopped: stopped })
}
