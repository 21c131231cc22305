import { randomBytes } from 'node:crypto'

/** Where the server listens in its container. */
export const PORT = 9400

/** Where a seed is put in the container. */
export const SEED_PATH = '/seed'

/** An access key, in the form that the official SDKs take. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Buckets and objects, as `lugsail serve --ephemeral --seed` takes them. */
export interface Seed {
  readonly buckets: Readonly<Record<string, object>>
}

/** How a server is to be. */
export interface ServerOptions {
  readonly accountId: string
  readonly region: string
  readonly credentials: Credentials
  /** What its clock shows at the start; the machine's time when absent. */
  readonly clock?: string
  readonly hasSeed?: boolean
  /** Further settings, by the names of their variables without `LUGSAIL_`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A root key pair that is drawn by lot. */
export const drawCredentials = (): Credentials => ({
  accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64url'),
})

/** The arguments of `lugsail` and its variables; the secret is among the latter, which lists of processes do not show. */
export function serveCommand(options: ServerOptions): {
  readonly args: string[]
  readonly environment: Record<string, string>
} {
  const { accountId, region, credentials, clock, hasSeed = false, settings = {} } = options
  return {
    args: [
      ...['serve', '--ephemeral', '--listen', `0.0.0.0:${PORT}`],
      // Whoever tests is on another machine, as the container sees it, and its standard input ends at once.
      ...['--test-paths', 'everyone', '--ends-with-parent', 'no'],
      ...['--account-id', accountId, '--region', region],
      ...(clock === undefined ? [] : ['--clock', clock]),
      ...(hasSeed ? ['--seed', SEED_PATH] : []),
    ],
    environment: {
      LUGSAIL_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      LUGSAIL_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`LUGSAIL_${name}`, value])),
    },
  }
}
