import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '../src/storage/s3/client-package.ts'

/** What was asked, with its name: `PutObject`. */
export interface Asked {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

/** One page of a listing of uploads. */
const UPLOADS_PER_PAGE = 2

/** An S3 cluster with one bucket, behind the client that would speak to it: as far as the blob engine uses it. Bytes of a body that ends early are not kept. */
export class S3ClusterInMemory {
  readonly objects = new Map<string, Buffer>()
  readonly uploads = new Map<
    string,
    { readonly key: string; readonly startedAt: Date; parts: Map<number, Buffer> }
  >()
  readonly asked: Asked[] = []
  /** Called before a request is carried out: what it throws is the response. */
  before: (asked: Asked) => void | Promise<void> = () => undefined
  isDestroyed = false
  #uploadCount = 0

  /** A client whose requests end here. */
  client(): S3Client {
    const client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'K', secretAccessKey: 'S' },
    })
    const send = (command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown> =>
      this.#send(command, options?.abortSignal)
    const destroy = (): void => void (this.isDestroyed = true)
    return Object.assign(client, { send, destroy })
  }

  begin(key: string, startedAt = new Date()): string {
    const uploadId = `upload-${++this.#uploadCount}`
    this.uploads.set(uploadId, { key, startedAt, parts: new Map() })
    return uploadId
  }

  /** The names of what was asked, in order. */
  get names(): string[] {
    return this.asked.map(({ name }) => name)
  }

  async #send(command: object, signal: AbortSignal | undefined): Promise<unknown> {
    const name = command.constructor.name.replace(/Command$/, '')
    const input: unknown = Reflect.get(command, 'input')
    const asked = { name, input: input as Asked['input'] }
    this.asked.push(asked)
    signal?.throwIfAborted()
    await this.before(asked)
    signal?.throwIfAborted()
    return await this.#carryOut(command, signal)
  }

  async #carryOut(command: object, signal: AbortSignal | undefined): Promise<unknown> {
    if (command instanceof PutObjectCommand) {
      const { Key: key = '', Body: body, ContentLength: length } = command.input
      this.objects.set(key, await bytesOf(body, length, signal))
      return {}
    }
    if (command instanceof GetObjectCommand) return this.#get(command.input.Key ?? '', command.input.Range)
    if (command instanceof DeleteObjectCommand) return this.objects.delete(command.input.Key ?? '')
    if (command instanceof DeleteObjectsCommand) {
      const objects = command.input.Delete?.Objects ?? []
      const keys = objects.map(({ Key: key }) => key ?? '')
      if (new Set(keys).size !== keys.length || keys.length > 1_000) throw failure('MalformedXML', 400)
      for (const key of keys) this.objects.delete(key)
      return {}
    }
    if (command instanceof ListObjectsV2Command) {
      const { Prefix: prefix = '', StartAfter: after = '', MaxKeys: limit = 1_000 } = command.input
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
      const page = keys.slice(0, Math.min(limit, 1_000))
      return {
        ...(page.length > 0 && {
          Contents: page.map((key) => ({ Key: key, Size: this.objects.get(key)?.length })),
        }),
        IsTruncated: page.length < keys.length,
      }
    }
    return await this.#carryOutUpload(command, signal)
  }

  async #carryOutUpload(command: object, signal: AbortSignal | undefined): Promise<unknown> {
    if (command instanceof CreateMultipartUploadCommand)
      return { UploadId: this.begin(command.input.Key ?? '') }
    if (command instanceof UploadPartCommand) {
      const {
        UploadId: uploadId = '',
        PartNumber: number = 0,
        Body: body,
        ContentLength: length,
      } = command.input
      this.uploads.get(uploadId)?.parts.set(number, await bytesOf(body, length, signal))
      return { ETag: `"${number}"` }
    }
    if (command instanceof CompleteMultipartUploadCommand) {
      const { UploadId: uploadId = '', MultipartUpload: { Parts: parts = [] } = {} } = command.input
      const upload = this.uploads.get(uploadId)
      if (!upload) throw failure('NoSuchUpload', 404)
      const named = parts.flatMap((part) => {
        const bytes = upload.parts.get(part.PartNumber ?? 0)
        return bytes && part.ETag === `"${part.PartNumber}"` ? [bytes] : []
      })
      this.objects.set(upload.key, Buffer.concat(named))
      this.uploads.delete(uploadId)
      return {}
    }
    if (command instanceof AbortMultipartUploadCommand)
      return this.uploads.delete(command.input.UploadId ?? '')
    if (command instanceof ListMultipartUploadsCommand) {
      const { Prefix: prefix = '', UploadIdMarker: after = '' } = command.input
      const left = [...this.uploads].filter(([id, { key }]) => key.startsWith(prefix) && id > after).sort()
      const page = left.slice(0, UPLOADS_PER_PAGE)
      const last = page.at(-1)
      return {
        Uploads: page.map(([id, { key, startedAt }]) => ({ Key: key, UploadId: id, Initiated: startedAt })),
        IsTruncated: page.length < left.length,
        ...(last && { NextKeyMarker: last[1].key, NextUploadIdMarker: last[0] }),
      }
    }
    throw failure('NotImplemented', 501)
  }

  #get(key: string, range: string | undefined): unknown {
    const whole = this.objects.get(key)
    if (!whole) throw failure('NoSuchKey', 404)
    if (range === undefined) return { Body: streamOf(whole), ContentLength: whole.length }
    const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    if (Number(first) >= whole.length) throw failure('InvalidRange', 416)
    const bytes = whole.subarray(Number(first), Number(last) + 1)
    const contentRange = `bytes ${first}-${Number(first) + bytes.length - 1}/${whole.length}`
    return { Body: streamOf(bytes), ContentLength: bytes.length, ContentRange: contentRange }
  }
}

/** What the cluster says instead of doing it. */
export const failure = (name: string, status?: number, message = 'refused'): S3ServiceException =>
  new S3ServiceException({
    ...{ name, message, $fault: 'client' },
    $metadata: status === undefined ? {} : { httpStatusCode: status },
  })

const streamOf = (bytes: Buffer): Readable => Readable.from(bytes.length > 0 ? [Buffer.from(bytes)] : [])

async function bytesOf(body: unknown, length: number | undefined, signal?: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = []
  if (Buffer.isBuffer(body)) pieces.push(body)
  else if (body instanceof Readable)
    for await (const piece of body) {
      signal?.throwIfAborted()
      pieces.push(Buffer.from(piece as Buffer))
    }
  const bytes = Buffer.concat(pieces)
  if (bytes.length !== length) throw failure('IncompleteBody', 400)
  return bytes
}
