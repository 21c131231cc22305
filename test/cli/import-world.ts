import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type {
  HeadObjectCommandOutput,
  ListObjectVersionsCommandOutput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { startServer } from '../../src/testing/index.ts'
import type { TestServer } from '../../src/testing/types.ts'
import { commandEnvironment, type KnownServer } from './command-environment.ts'
import type { Ended } from './object-world.ts'

/** A store that is imported from, in memory so that it can fail on order, a server that imports, and the command between them. */
export abstract class ImportWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-import-'))
  #source: TestServer | undefined
  #target: KnownServer | undefined
  #clients: readonly S3Client[] = []

  /** Starts the server that imports. */
  protected abstract startTarget(): Promise<KnownServer>
  protected abstract stopTarget(): Promise<void>
  /** Runs the command with an empty standard input. */
  abstract lugsail(...args: readonly string[]): Promise<Ended>

  async start(): Promise<void> {
    mkdirSync(join(this.folder, '.aws'))
    this.#source = await startServer({ keepsProcessAlive: false })
    this.#target = await this.startTarget()
    const { accessKeyId, secretAccessKey } = this.#source.credentials
    writeFileSync(
      join(this.folder, '.aws/credentials'),
      `[old]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    )
    const { endpoint, credentials, region } = this.#target
    this.#clients = [
      new S3Client(this.#source.s3ClientOptions),
      new S3Client({ endpoint, credentials, region, forcePathStyle: true }),
    ]
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await this.#source?.close()
    await this.stopTarget()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get source(): TestServer {
    if (this.#source === undefined) throw new Error('not started')
    return this.#source
  }

  get target(): KnownServer {
    if (this.#target === undefined) throw new Error('not started')
    return this.#target
  }

  /** The client of the source. */
  get here(): S3Client {
    return clientAt(this.#clients, 0)
  }

  /** The client of the destination. */
  get there(): S3Client {
    return clientAt(this.#clients, 1)
  }

  /** What the command finds around it. */
  get env(): NodeJS.ProcessEnv {
    return commandEnvironment(this.target, this.folder)
  }

  /** The words that import a bucket, with the source's profile. */
  words(bucket: string, ...more: readonly string[]): readonly string[] {
    return [
      ...['import', 's3', '--from', this.source.endpoint, '--profile', 'old', '--bucket', bucket],
      ...more,
    ]
  }

  /** Imports a bucket. */
  run(bucket: string, ...more: readonly string[]): Promise<Ended> {
    return this.lugsail(...this.words(bucket, ...more))
  }

  /** Imports a bucket; gives the report. */
  async report(bucket: string, ...more: readonly string[]): Promise<ImportReport & Ended> {
    const end = await this.run(bucket, '--json', ...more)
    if (!end.stdout.endsWith(']}\n')) throw new Error(`${end.exitCode ?? ''} ${end.stdout}${end.stderr}`)
    return { ...end, ...(JSON.parse(end.stdout) as ImportReport) }
  }

  async put(bucket: string, key: string, more: Partial<PutObjectCommandInput> = {}): Promise<void> {
    await this.here.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key, ...more }))
  }
}

/** The document of `--json`. */
export interface ImportReport {
  readonly failures: readonly { readonly bucket: string; readonly key?: string; readonly error: string }[]
  readonly keys?: readonly { readonly name: string; readonly outcome?: string; readonly error?: string }[]
  readonly settings: readonly {
    readonly setting: string
    readonly outcome: string
    readonly why?: string
  }[]
  readonly losses: readonly { readonly what: string; readonly count: number }[]
  readonly buckets: readonly Readonly<Record<string, number | string>>[]
}

function clientAt(clients: readonly S3Client[], index: number): S3Client {
  const client = clients[index]
  if (client === undefined) throw new Error('not started')
  return client
}

/** An object as text. */
export async function textOf(client: S3Client, bucket: string, key: string): Promise<string | undefined> {
  return await (
    await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  ).Body?.transformToString()
}

/** What is said of an object, without what is of the one server. */
export async function headOf(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<Partial<HeadObjectCommandOutput>> {
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }))
  return Object.fromEntries(Object.entries(head).filter(([name]) => !OF_SERVER.includes(name)))
}

/** What differs between any two servers, or is told in another member as well. */
const OF_SERVER = ['$metadata', 'LastModified', 'VersionId', 'ServerSideEncryption', 'Expires']

/** Keys with ETags and sizes, in order. */
export async function listed(client: S3Client, bucket: string): Promise<readonly string[]> {
  const all: string[] = []
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )
    for (const { Key, ETag, Size } of page.Contents ?? [])
      all.push(`${Key ?? ''} ${ETag ?? ''} ${Size ?? ''}`)
    token = page.NextContinuationToken
  } while (token !== undefined)
  return all
}

/** The versions of a bucket by their ETags, newest first; `-` is a delete marker. */
export async function versionsOf(client: S3Client, bucket: string, key: string): Promise<readonly string[]> {
  const etags: string[] = []
  let marker: {
    readonly KeyMarker?: string | undefined
    readonly VersionIdMarker?: string | undefined
  } | null = {}
  // One in a page: the SDK gives versions and markers as two lists, and dates may be the same.
  while (marker) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1, ...marker }),
    )
    const { Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = page
    etags.push(...Versions.map(({ ETag = '' }) => ETag), ...DeleteMarkers.map(() => '-'))
    marker =
      page.IsTruncated === true ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : null
  }
  return etags
}
