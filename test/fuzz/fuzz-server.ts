import { readdirSync, readFileSync } from 'node:fs'
import { SignedClient } from '../harness/signed-client.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import type { FuzzTargets } from './templates.ts'

/** What the process holds at a moment. */
export interface Holdings {
  /** Its own memory, without what is mapped from files. */
  readonly memoryBytes: number
  readonly descriptors: number
}

/** The server that is asked, in a process of its own, with things to ask for. */
export class FuzzServer {
  readonly #server: RunningServer
  #epoch = 0

  private constructor(server: RunningServer) {
    this.#server = server
  }

  /** The limits on single addresses are wide: all requests come from one. */
  static async start(options: Readonly<Record<string, string>> = {}): Promise<FuzzServer> {
    return new FuzzServer(
      await startServer({
        isBuilt: true,
        options: {
          'log-level': 'error',
          'idle-timeout-seconds': '10',
          // All wrong signatures come from one address.
          'failed-signatures-per-minute-max': '0',
          ...options,
        },
      }),
    )
  }

  get port(): number {
    return Number(new URL(this.#server.endpoint).port)
  }

  get host(): string {
    return new URL(this.#server.endpoint).host
  }

  /** What the server called an error, line by line. */
  errors(): string[] {
    return this.#server
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":"error"'))
  }

  isRunning(): boolean {
    try {
      process.kill(this.#server.pid, 0)
      return true
    } catch {
      return false
    }
  }

  holdings(): Holdings {
    const status = readFileSync(`/proc/${this.#server.pid}/status`, 'utf8')
    const kibibytes = Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1])
    return { memoryBytes: kibibytes * 1024, descriptors: readdirSync(`/proc/${this.#server.pid}/fd`).length }
  }

  /** Whether the server still says that it is well. */
  async isHealthy(): Promise<boolean> {
    const response = await fetch(`${this.#server.endpoint}/-/ready`).catch(() => null)
    return response?.status === 200
  }

  /** Buckets, objects, an upload and a key that nobody has broken yet; removes those of before. */
  async newTargets(): Promise<FuzzTargets> {
    const { credentials, endpoint, region } = this.#server
    const client = new SignedClient({ endpoint, region }, credentials)
    try {
      return await this.#makeTargets(client)
    } finally {
      client.close()
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop()
  }

  async #makeTargets(client: SignedClient): Promise<FuzzTargets> {
    await this.#removeBuckets(client)
    const bucket = `fuzz-${this.#epoch++}`
    const lockedBucket = `${bucket}-locked`
    await client.lightsail('CreateBucket', { bucketName: bucket, bundleId: 'small_1_0' })
    await client.s3({
      method: 'PUT',
      path: `/${lockedBucket}`,
      headers: { 'x-amz-bucket-object-lock-enabled': 'true' },
    })
    const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
    await client.s3({ method: 'PUT', path: `/${bucket}?versioning`, body: Buffer.from(enabled) })
    const body = Buffer.from('some bytes of an object')
    await client.s3({ method: 'PUT', path: `/${bucket}/large`, body: Buffer.alloc(200_000, 'x') })
    for (const key of ['n', 'a/b', 'x%20y'])
      await client.s3({ method: 'PUT', path: `/${bucket}/${key}`, body })
    await client.s3({ method: 'PUT', path: `/${lockedBucket}/key`, body })
    const put = await client.s3({ method: 'PUT', path: `/${bucket}/key`, body })
    const begun = await client.s3({ method: 'POST', path: `/${bucket}/part?uploads` })
    const uploadId = /<UploadId>(.*?)</.exec(begun.body.toString())?.[1] ?? ''
    const path = `/${bucket}/part?partNumber=1&uploadId=${uploadId}`
    const part = await client.s3({ method: 'PUT', path, body })
    const key = await client.lightsail('CreateBucketAccessKey', { bucketName: bucket })
    const { accessKey } = JSON.parse(key.body.toString()) as { accessKey: FuzzTargets['bucketKey'] }
    return {
      bucket,
      lockedBucket,
      key: 'key',
      versionId: String(put.headers['x-amz-version-id']),
      uploadId,
      etag: String(part.headers.etag).replaceAll('"', ''),
      root: this.#server.credentials,
      bucketKey: accessKey,
    }
  }

  /** What is locked stays. */
  async #removeBuckets(client: SignedClient): Promise<void> {
    const list = await client.lightsail('GetBuckets', {})
    const { buckets } = JSON.parse(list.body.toString()) as { buckets: { name: string }[] }
    for (const { name } of buckets)
      await client.lightsail('DeleteBucket', { bucketName: name, forceDelete: true })
    const all = await client.s3({ method: 'GET', path: '/' })
    for (const [, name] of all.body.toString().matchAll(/<Name>(.*?)</g))
      await client.s3({ method: 'DELETE', path: `/${name ?? ''}` })
  }
}
