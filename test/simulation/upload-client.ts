import { isDomainError } from '../../src/service/errors/domain-error.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import { combineChecksums } from '../../src/s3/body/combine-checksums.ts'
import { md5 } from './bodies.ts'
import { mayExpire } from './lifecycle-client.ts'
import { nameOf, StoreClient, type SimulatedBucket } from './store-client.ts'

const PART_BYTES_MIN = 100

/** A client that uploads objects in parts. */
export class UploadClient extends StoreClient {
  /** One upload, to its end or until something comes between. */
  async upload(bucket: SimulatedBucket, objectKey: string): Promise<void> {
    const { bodies, world } = this.shared
    const id = bodies.newName('upload')
    const name = nameOf(bucket, objectKey)
    const beginning = this.begin(bucket)
    if (!beginning) return
    const begun = await this.ask(
      beginning,
      `begin upload ${name} ${id}`,
      async () =>
        await createUpload(beginning.gateway.context, await beginning.admit(), {
          objectKey,
          attributes: { headers: {}, userMetadata: { id } },
        }),
    )
    if (begun.type !== 'done') return
    const { uploadId } = begun.value
    const parts: Buffer[] = []
    for (let partNumber = 1; partNumber <= 1 + world.timeline.random.below(3); partNumber++) {
      const part = await this.#part(bucket, { objectKey, uploadId, partNumber })
      if (!part) return
      parts.push(part)
    }
    if (world.timeline.chance(15)) await this.#abort(bucket, { objectKey, uploadId })
    else await this.#complete(bucket, { objectKey, uploadId, id, parts })
  }

  /** Stores a part, now and then once more with other bytes; null when that could not be done. */
  async #part(
    bucket: SimulatedBucket,
    address: { readonly objectKey: string; readonly uploadId: string; readonly partNumber: number },
  ): Promise<Buffer | null> {
    const { bodies, world } = this.shared
    let stored: Buffer | null = null
    for (let attempt = 0; attempt < 3; attempt++) {
      const request = this.begin(bucket)
      if (!request) return null
      const bytes = bodies.make(bodies.newName('part'), PART_BYTES_MIN)
      const answer = await this.ask(
        request,
        `part ${nameOf(bucket, address.objectKey)}`,
        async () =>
          await uploadPart(request.gateway.context, await request.admit(), {
            ...address,
            body: bodies.arriving(bytes),
          }),
      )
      if (answer.type === 'done') stored = bytes
      // Which bytes the part has is known again once it was stored again.
      else if (answer.type !== 'refused') stored = null
      if (stored && !world.timeline.chance(20)) return stored
    }
    return stored
  }

  async #complete(
    bucket: SimulatedBucket,
    upload: {
      readonly objectKey: string
      readonly uploadId: string
      readonly id: string
      readonly parts: readonly Buffer[]
    },
  ): Promise<void> {
    const { bodies, versionIds, histories } = this.shared
    const { objectKey, uploadId, id, parts } = upload
    const digests = Buffer.concat(parts.map((part) => Buffer.from(md5(part), 'hex')))
    bodies.set(id, Buffer.concat(parts), `${md5(digests)}-${parts.length}`)
    const request = this.begin(bucket)
    if (!request) return
    const name = nameOf(bucket, objectKey)
    const answer = await this.ask(
      request,
      `complete upload ${name} ${id}`,
      async () =>
        await completeUpload(request.gateway.context, await request.admit(), {
          objectKey,
          uploadId,
          parts: parts.map((bytes, at) => ({ partNumber: at + 1, etag: md5(bytes) })),
          combineChecksums,
        }),
    )
    if (answer.type === 'done' && answer.value.versionId !== undefined)
      versionIds.set(id, answer.value.versionId)
    const isExpired =
      answer.type === 'refused' && isDomainError(answer.error, 'NoSuchUpload') && mayExpire(objectKey)
    if (answer.type === 'refused' && !isExpired && isDomainError(answer.error, 'PartDiffers', 'NoSuchUpload'))
      histories.problems.push(`${name}: the upload ${id} lost a part: ${answer.error.kind}`)
    this.note(name, request, answer, { type: 'put', id, versioned: bucket.isVersioned })
  }

  async #abort(
    bucket: SimulatedBucket,
    address: { readonly objectKey: string; readonly uploadId: string },
  ): Promise<void> {
    const request = this.begin(bucket)
    if (!request) return
    await this.ask(
      request,
      `abort upload ${nameOf(bucket, address.objectKey)}`,
      async () => await abortUpload(request.gateway.context, await request.admit(), address),
    )
  }
}
