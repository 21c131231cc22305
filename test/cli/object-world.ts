import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { commandEnvironment, type KnownServer } from './command-environment.ts'

/** How a command ended, and what it said. */
export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A server and the command, with a home and a working folder of their own. */
export abstract class ObjectWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-objects-'))
  readonly home = join(this.folder, 'home')
  readonly cwd = join(this.folder, 'cwd')
  #server: KnownServer | undefined
  #client: S3Client | undefined

  protected abstract startServer(): Promise<KnownServer>
  protected abstract stopServer(): Promise<void>
  /** Runs a command to its end, with an empty standard input. */
  abstract run(...args: readonly string[]): Promise<Ended>
  /** As `run`, without endpoint, region and credentials in the environment. */
  abstract runBare(...args: readonly string[]): Promise<Ended>

  /** The bytes of an object, as `lugsail cat` writes them. */
  abstract cat(place: string): Promise<string>

  async start(): Promise<void> {
    mkdirSync(join(this.home, '.aws'), { recursive: true })
    mkdirSync(this.cwd)
    this.#server = await this.startServer()
    const { endpoint, credentials, region } = this.#server
    this.#client = new S3Client({ endpoint, credentials, region, forcePathStyle: true })
  }

  async stop(): Promise<void> {
    this.#client?.destroy()
    await this.stopServer()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get server(): KnownServer {
    if (this.#server === undefined) throw new Error('not started')
    return this.#server
  }

  get client(): S3Client {
    if (this.#client === undefined) throw new Error('not started')
    return this.#client
  }

  /** A file of the working folder. */
  file(name: string, body: string | Uint8Array): string {
    const path = join(this.cwd, name)
    mkdirSync(resolve(path, '..'), { recursive: true })
    writeFileSync(path, body)
    return path
  }

  async bucket(name: string): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: name }))
  }

  async put(bucket: string, key: string, body: string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  }

  async get(bucket: string, key: string): Promise<string | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return await Body?.transformToString()
  }

  get env(): NodeJS.ProcessEnv {
    return commandEnvironment(this.server, this.home)
  }

  /** As `env`, without endpoint, region and credentials. */
  get bareEnv(): NodeJS.ProcessEnv {
    return Object.fromEntries(
      Object.entries(this.env).filter(
        ([name]) => !name.startsWith('AWS_') || name === 'AWS_EC2_METADATA_DISABLED',
      ),
    )
  }
}
