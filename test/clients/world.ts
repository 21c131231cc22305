import { execFile } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
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
}

const BUCKET = 'real-clients'
/** Longest that one run of a program may take. */
const PROGRAM_TIMEOUT_MS = 10 * 60_000
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024

/** A Lugsail as it is built and run by users, with one bucket and an access key of that bucket, and a folder for files. */
export class ClientWorld {
  readonly bucket = BUCKET
  readonly region: string
  readonly endpoint: string
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-clients-'))
  readonly #server: RunningServer
  readonly #key: KeyPair

  private constructor(server: RunningServer, key: KeyPair) {
    this.#server = server
    this.#key = key
    this.endpoint = server.endpoint
    this.region = server.region
  }

  static async start(): Promise<ClientWorld> {
    const server = await startServer({ isBuilt: true })
    try {
      return new ClientWorld(server, await makeBucket(server, BUCKET))
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

  /**
   * Runs a program and returns its standard output. It finds nothing of this machine's settings: a home folder of its own, and key, region
   * and endpoint in the environment. Throws, with all that it printed, when it does not exit with 0.
   */
  run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { accessKeyId, secretAccessKey } = options.key ?? this.#key
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        args,
        {
          cwd: options.folder ?? this.folder,
          env: {
            PATH: process.env['PATH'] ?? '',
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
          },
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

  async stop(): Promise<void> {
    await this.#server.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * Starts a world before the tests of the calling file and stops it after them, once `beforeStop` is done; the function returned gives it.
 */
export function startWorld(beforeStop?: (world: ClientWorld) => Promise<unknown>): () => ClientWorld {
  let world: ClientWorld | undefined
  before(async () => {
    world = await ClientWorld.start()
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
  return { skip: missing.length > 0 && `not installed: ${missing.join(', ')} (see test/clients/install.sh)` }
}

/** Where a program is; undefined: it is not installed. */
export function pathOf(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
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

async function makeBucket(server: RunningServer, bucketName: string): Promise<KeyPair> {
  const { endpoint, region, credentials } = server
  const lightsail = new LightsailClient({ endpoint, region, credentials })
  try {
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
    return { accessKeyId: accessKey?.accessKeyId ?? '', secretAccessKey: accessKey?.secretAccessKey ?? '' }
  } finally {
    lightsail.destroy()
  }
}
