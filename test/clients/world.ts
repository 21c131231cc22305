import { execFile } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { after, before } from 'node:test'
import { CreateBucketAccessKeyCommand, CreateBucketCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { startServer, type RunningServer } from '../harness/server.ts'

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface RunOptions {
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  /** Who the program acts as; the bucket's key when absent. */
  readonly key?: KeyPair
  /** Leaves key, region and endpoint out of the environment, so that the program finds them in a profile. */
  readonly withoutKey?: true
  /** Whose process it is; this one's when absent. */
  readonly owner?: Owner
}

/** A user of the machine by its numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Files in PEM form that make the server speak TLS. */
export interface TlsFiles {
  readonly certificate: string
  readonly key: string
}

const BUCKET = 'real-clients'
/** Longest that one run of a program may take. */
const PROGRAM_TIMEOUT_MS = 10 * 60_000
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024
/** Where install-sdks.sh puts programs that are built from their sources; they come before the machine's own. */
const PROGRAMS_PATH = [resolve('test/clients/programs/target/bin'), process.env['PATH'] ?? ''].join(delimiter)

/** A Lugsail as it is built and run by users, with one bucket and an access key of that bucket, and a folder for files. */
export class ClientWorld {
  readonly bucket = BUCKET
  readonly region: string
  readonly endpoint: string
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-clients-'))
  readonly #server: RunningServer
  readonly #key: KeyPair
  readonly #stops: (() => Promise<unknown>)[] = []

  private constructor(server: RunningServer, key: KeyPair) {
    this.#server = server
    this.#key = key
    this.endpoint = server.endpoint
    this.region = server.region
  }

  /** `settings` are further options of `lugsail serve`, without dashes. */
  static async start(tls?: TlsFiles, settings: Readonly<Record<string, string>> = {}): Promise<ClientWorld> {
    const options = { ...settings, ...(tls && { 'tls-cert': tls.certificate, 'tls-key': tls.key }) }
    const server = await startServer({ isBuilt: true, options })
    try {
      return new ClientWorld(server, await makeBucket(server, BUCKET, tls))
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  /** The key that opens the bucket, and nothing else. */
  get key(): KeyPair {
    return this.#key
  }

  /** The account's own key. */
  get rootKey(): KeyPair {
    return this.#server.credentials
  }

  /** The server's data folder. */
  get dataFolder(): string {
    return this.#server.dataFolder
  }

  get serverPid(): number {
    return this.#server.pid
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** What a program finds in its environment: nothing of this machine's settings, a home folder of its own, and key, region and endpoint. */
  environment(options: RunOptions = {}): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = options.key ?? this.#key
    return {
      PATH: PROGRAMS_PATH,
      HOME: this.folder,
      LANG: 'C.UTF-8',
      ...(options.withoutKey !== true && {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL: this.endpoint,
        AWS_DEFAULT_REGION: this.region,
      }),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.environment,
    }
  }

  /**
   * Runs a program in its {@link environment} and returns its standard output. Throws, with all that it printed, when it does not exit
   * with 0.
   */
  run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        args,
        {
          cwd: options.folder ?? this.folder,
          env: this.environment(options),
          ...options.owner,
          timeout: PROGRAM_TIMEOUT_MS,
          maxBuffer: OUTPUT_BYTES_MAX,
        },
        (error, output, errors) => {
          if (error === null) resolve(output)
          else
            reject(
              new Error(`${program} ${args.join(' ')}: ${error.message}\n${output}\n${errors}`, {
                cause: error,
              }),
            )
        },
      )
      // A program that reads nothing may have ended before; whether it did its work says its exit code.
      child.stdin?.on('error', () => undefined).end(options.input ?? '')
    })
  }

  /** Has something stopped before the server is, also when a test failed; what was begun last stops first. */
  beforeStop(stop: () => Promise<unknown>): void {
    this.#stops.unshift(stop)
  }

  async stop(): Promise<void> {
    try {
      for (const stop of this.#stops) await stop()
    } finally {
      await this.#server.stop()
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * Starts a world before the tests of the calling file and stops it after them, once `beforeStop` is done; the function returned gives it.
 */
export function startWorld(
  beforeStop?: (world: ClientWorld) => Promise<unknown>,
  tls?: TlsFiles,
  settings?: Readonly<Record<string, string>>,
): () => ClientWorld {
  let world: ClientWorld | undefined
  before(async () => {
    world = await ClientWorld.start(tls, settings)
  })
  after(async () => {
    if (world === undefined) return
    await beforeStop?.(world)
    await world.stop()
  })
  return () => {
    if (world === undefined) throw new TypeError('the world starts before the first test')
    return world
  }
}

/** Options of a test that needs these programs: it is skipped, and says why, where one is missing. */
export function needs(...programs: readonly string[]): { skip: string | false } {
  const missing = programs.filter((program) => pathOf(program) === undefined)
  return {
    skip:
      missing.length > 0 &&
      `not installed: ${missing.join(', ')} (see install.sh and install-sdks.sh in test/clients)`,
  }
}

/** Where a program is; undefined: it is not installed. */
export function pathOf(program: string): string | undefined {
  return PROGRAMS_PATH.split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

async function makeBucket(server: RunningServer, bucketName: string, tls?: TlsFiles): Promise<KeyPair> {
  const { endpoint, region, credentials } = server
  const requestHandler = tls && { httpsAgent: new Agent({ ca: readFileSync(tls.certificate) }) }
  const lightsail = new LightsailClient({
    endpoint,
    region,
    credentials,
    ...(requestHandler && { requestHandler }),
  })
  try {
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
    return { accessKeyId: accessKey?.accessKeyId ?? '', secretAccessKey: accessKey?.secretAccessKey ?? '' }
  } finally {
    lightsail.destroy()
  }
}
