import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type { CompletedPart, Tag } from '@aws-sdk/client-s3'
import { systemClock } from '../../../base/clock.ts'
import { unquoteEtag } from '../../../base/etags.ts'
import type { PartChecksums } from './checksums-kept.ts'
import type { CopyContext, CopyTask } from './copy-task.ts'
import { describeObject } from './described-object.ts'
import type { Loss, ObjectFacts } from './described-object.ts'
import type { OpenUploads, UploadPlace } from './open-uploads.ts'
import type { Store } from './store.ts'
import { PartsNotAtHand } from './transfer-errors.ts'
import { withHeaders } from './with-headers.ts'

/** What an object that comes in parts is to be. */
interface UploadedObject {
  readonly facts: ObjectFacts
  /** Null: hidden by the source. */
  readonly tags: readonly Tag[] | null
  /** The ETag to be remembered in the metadata; undefined: the destination's is the same. */
  readonly sourceEtag: string | undefined
  /** The checksum that the object is to have. */
  readonly checksum: PartChecksums | undefined
}

type UploadContext = Pick<CopyContext, 'target' | 'openUploads'>

/** An upload in parts at the destination. */
export class TargetUpload {
  /** Where its parts go. */
  readonly place: UploadPlace
  /** What a part says of the checksum that the SDK is to make of it. */
  readonly checksumOfParts: { readonly ChecksumAlgorithm: PartChecksums['algorithm'] } | undefined
  readonly losses: readonly Loss[]
  readonly #target: Store
  readonly #openUploads: OpenUploads
  readonly #checksum: PartChecksums | undefined

  private constructor(
    { target, openUploads }: UploadContext,
    place: UploadPlace,
    { losses, checksum }: { readonly losses: readonly Loss[]; readonly checksum: PartChecksums | undefined },
  ) {
    this.#target = target
    this.#openUploads = openUploads
    this.#checksum = checksum
    this.place = place
    this.losses = losses
    this.checksumOfParts = checksum && { ChecksumAlgorithm: checksum.algorithm }
  }

  /** Begins an upload. */
  static async begin(context: UploadContext, task: CopyTask, object: UploadedObject): Promise<TargetUpload> {
    const { facts, checksum } = object
    const { target, openUploads } = context
    const { description, headers, losses } = describeObject(facts, {
      ...object,
      hasLock: task.hasLock,
      nowMs: systemClock.now(),
    })
    const place = { Bucket: task.to, Key: task.key }
    const { UploadId = '' } = await target.ask((client) =>
      client.send(
        withHeaders(
          new CreateMultipartUploadCommand({
            ...description,
            ...place,
            ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
          }),
          headers,
        ),
      ),
    )
    openUploads.begin({ ...place, UploadId })
    return new TargetUpload(context, { ...place, UploadId }, { losses, checksum })
  }

  /** Makes the object of its parts, which then has this ETag. @throws PartsNotAtHand where parts are too small for the destination */
  async complete(parts: readonly CompletedPart[], etag: string): Promise<void> {
    const command = (): CompleteMultipartUploadCommand =>
      new CompleteMultipartUploadCommand({
        ...this.place,
        ...(this.#checksum && { ChecksumType: this.#checksum.type }),
        MultipartUpload: {
          Parts: parts.map(
            ({
              PartNumber,
              ETag,
              ChecksumCRC32,
              ChecksumCRC32C,
              ChecksumCRC64NVME,
              ChecksumSHA1,
              ChecksumSHA256,
            }) => ({
              PartNumber,
              ETag,
              ChecksumCRC32,
              ChecksumCRC32C,
              ChecksumCRC64NVME,
              ChecksumSHA1,
              ChecksumSHA256,
            }),
          ),
        },
      })
    try {
      await this.#target.ask((client) => client.send(command()))
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error
      if (error.name === 'EntityTooSmall')
        throw new PartsNotAtHand('its parts are too small for the destination', { cause: error })
      // The answer to an earlier try was lost.
      if (error.name !== 'NoSuchUpload' || !(await this.#isThere(etag))) throw error
    }
    this.#openUploads.end(this.place)
  }

  async #isThere(etag: string): Promise<boolean> {
    const { Bucket, Key } = this.place
    const { ETag = '' } = await this.#target.ask((client) =>
      client.send(new HeadObjectCommand({ Bucket, Key })),
    )
    return unquoteEtag(ETag) === etag
  }

  /** Takes it back with all its parts. What cannot be taken back is left to the next run, or to the bucket's lifecycle. */
  async abort(): Promise<void> {
    try {
      await this.#target.client.send(new AbortMultipartUploadCommand(this.place))
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.name === 'NoSuchUpload')) return
    }
    this.#openUploads.end(this.place)
  }
}
