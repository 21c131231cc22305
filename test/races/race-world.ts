import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { RunningServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse, type S3Request } from '../harness/signed-client.ts'

/** How many write at once in a race. */
export const WRITERS = 32

export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

/** Servers that share one store, and writers that are spread over them. */
export class RaceWorld {
  readonly #servers: readonly RunningServer[]
  readonly #roots: readonly SignedClient[]

  /** Names one server, of several workers, or several servers. */
  constructor(servers: readonly RunningServer[]) {
    this.#servers = servers
    this.#roots = this.clientsOf(servers[0]?.credentials ?? { accessKeyId: '', secretAccessKey: '' })
  }

  /** One client for each server. Without keep-alive each request is a connection of its own, and these go to a server's workers in turn. */
  clientsOf(key: KeyPair): readonly SignedClient[] {
    return this.#servers.map((server) => new SignedClient(server, key, { keepAlive: false }))
  }

  /** S3 as the first account, through the server of this writer. */
  s3(writer: number, request: S3Request): Promise<HttpResponse> {
    return pick(this.#roots, writer).s3(request)
  }

  /** The control plane as the first account, through the server of this writer. */
  lightsail(writer: number, operation: string, input: object): Promise<HttpResponse> {
    return pick(this.#roots, writer).lightsail(operation, input)
  }

  /** The own API as the first account, through the server of this writer. */
  lugsail(writer: number, operation: string, input: object): Promise<HttpResponse> {
    return pick(this.#roots, writer).lugsail(operation, input)
  }

  /** Reads an object through every server, which must agree, and gives its bytes; null when there is none. */
  async read(path: string): Promise<Buffer | null> {
    const responses = await Promise.all(this.#roots.map((root) => root.s3({ method: 'GET', path })))
    const [first] = responses
    assert.ok(first)
    for (const { status, headers } of responses)
      assert.deepEqual([status, headers.etag], [first.status, first.headers.etag])
    if (first.status === 404) return null
    assert.equal(first.status, 200, codeOf(first))
    return first.body
  }

  async makeBucket(): Promise<string> {
    const bucketName = `race-${randomBytes(6).toString('hex')}`
    const made = await this.lightsail(0, 'CreateBucket', { bucketName, bundleId: 'small_1_0' })
    assert.equal(made.status, 200, codeOf(made))
    return bucketName
  }

  async makeKey(bucketName: string, writer = 0): Promise<KeyPair> {
    const made = await this.lightsail(writer, 'CreateBucketAccessKey', { bucketName })
    assert.equal(made.status, 200, codeOf(made))
    return accessKeyOf(made)
  }

  /** Begins an upload and gives its id. */
  async beginUpload(path: string): Promise<string> {
    const begun = await this.s3(0, { method: 'POST', path: `${path}?uploads` })
    const uploadId = /<UploadId>(\w+)</.exec(begun.body.toString())?.[1]
    assert.ok(uploadId !== undefined, codeOf(begun))
    return uploadId
  }
}

export function accessKeyOf({ body }: HttpResponse): KeyPair {
  return (JSON.parse(body.toString()) as { accessKey: KeyPair }).accessKey
}

/** Status and error code: `412 PreconditionFailed`, or `200`. */
export function codeOf({ status, body }: HttpResponse): string {
  const text = status < 300 ? '' : body.toString()
  return `${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? /"__type":"(\w+)"/.exec(text)?.[1] ?? ''}`.trim()
}

/** How often each {@link codeOf} came. */
export function countOf(responses: readonly HttpResponse[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const response of responses) counts[codeOf(response)] = (counts[codeOf(response)] ?? 0) + 1
  return counts
}

export const isDone = ({ status }: HttpResponse): boolean => status < 300

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export function pick<T>(all: readonly T[], index: number): T {
  const one = all[index % all.length]
  assert.ok(one !== undefined)
  return one
}

/** Bytes of a writer's own, small enough for the record or, for every other one, too large for it. */
export const bodyOf = (writer: number): Buffer => randomBytes(writer % 2 === 0 ? 100 : 40_000)
