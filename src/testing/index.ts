/** The package's `lugsail/testing`: a whole server in the process of a test, in memory, that can be put back. */
import { hostAndPort } from '../server/configuration/address.ts'
import { readSettings } from '../server/configuration/read.ts'
import { settings as knownSettings } from '../server/configuration/schema.ts'
import { ACCOUNT_ID_DEFAULT, MEMORY_BYTES_MAX, REQUESTS_MAX } from '../server/ephemeral/defaults.ts'
import { EphemeralServer, type Snapshot } from '../server/ephemeral/ephemeral-server.ts'
import { InvalidInput } from '../server/ephemeral/invalid-input.ts'
import { MovableClock } from '../server/ephemeral/movable-clock.ts'
import type { Seed } from '../server/ephemeral/types.ts'
import type { SettingValues } from '../server/configuration/schema.ts'
import { createLogger } from '../server/logging/logger.ts'
import type { TestServer, TestServerOptions, TestSnapshot } from './types.ts'

export type * from './types.ts'

const DRAIN_TIMEOUT_MS = 5_000

/** Starts a server; resolves when it answers. Any number may run in a process, and share nothing. Rejects for options that cannot be. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  checkNames(options)
  const { seed, accountId = ACCOUNT_ID_DEFAULT, credentials, logLevel = 'silent' } = options
  const settings = settingsOf(options)
  const clock = clockOf(options.clock)
  const server = await EphemeralServer.start(
    {
      settings,
      clock,
      log: createLogger({
        level: logLevel,
        format: 'text',
        target: (piece, done) => void process.stderr.write(piece, done),
        clock,
      }),
      identity: { accountId, ...(credentials && { rootKey: credentials }) },
      memoryBytesMax: options.memoryBytesMax ?? MEMORY_BYTES_MAX,
      requestsMax: options.requestsMax ?? REQUESTS_MAX,
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
  requestsMax: true,
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

/** What the settings are without being asked for: a test may send as many wrong signatures as it likes. */
const DEFAULTS = { failedSignaturesPerMinuteMax: 0, console: 'off' }

function settingsOf({
  host = '127.0.0.1',
  port = 0,
  region,
  settings = {},
}: TestServerOptions): SettingValues {
  const given = {
    listen: hostAndPort({ host, port }),
    ...(region !== undefined && { region }),
    ...DEFAULTS,
    ...settings,
  }
  const options = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    const setting = Object.hasOwn(knownSettings, name)
      ? knownSettings[name as keyof typeof knownSettings]
      : undefined
    if (!setting) throw new InvalidInput(`settings: there is no setting "${name}"`)
    options.set(setting.option, String(value))
  }
  return readSettings({ options, environment: {} })
}

function clockOf({ now, stopped = false }: NonNullable<TestServerOptions['clock']> = {}): MovableClock {
  if (now === undefined) return new MovableClock({ isStopped: stopped })
  const startMs = new Date(now).getTime()
  if (Number.isNaN(startMs)) throw new InvalidInput(`clock: expected a date, got ${String(now)}`)
  return new MovableClock({ startMs, isStopped: stopped })
}
