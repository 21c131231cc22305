import { createHash } from 'node:crypto'
import { GetObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import type { CompletedPart, GetObjectCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { unquoteEtag } from '../../../base/etags.ts'
import { fullObjectChecksum } from '../../../protocol/checksums/part-checksums.ts'
import { forEachAtOnce } from '../../../base/at-once.ts'
import { partSizeOf } from '../transfer.ts'
import { combinedChecksum, partChecksums } from './checksums-kept.ts'
import type { Copied, CopyContext, CopyTask } from './copy-task.ts'
import { readTags } from './described-object.ts'
import type { Loss } from './described-object.ts'
import { measureBody, sendBody } from './measured-body.ts'
import {
  hasKeyServiceEtag,
  headSource,
  partCountOf,
  reading,
  sourcePlace,
  vouchedBy,
} from './source-object.ts'
import type { Attempts } from './source-object.ts'
import { TargetUpload } from './target-upload.ts'
import { DamagedBody, PartsNotAtHand } from './transfer-errors.ts'

/** Parts of one object that travel at once, where there are slots for them. */
const PARTS_AT_ONCE = 4

/** A part that has arrived. */
interface CopiedPart extends CompletedPart {
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly md5: string
  /** The object's kind of checksum, where it is one over all bytes. */
  readonly checksum: string | undefined
}

/**
 * Copies a version in parts; with `hasParts` in those that it was uploaded in, so that its ETag stays. An upload that fails or is interrupted is taken back.
 * @throws PartsNotAtHand where that cannot be, and what `copyVersion` throws
 */
export async function copyInParts(
  context: CopyContext,
  task: CopyTask,
  attempts: Attempts,
  hasParts: boolean,
): Promise<Copied> {
  const { source, takesUnverified } = context
  const head = await headSource(source, task)
  const etag = unquoteEtag(head.ETag ?? '')
  const sizeBytes = head.ContentLength ?? 0
  const tags = await source.retry(() => readTags(source, sourcePlace(task), head))
  const count = hasParts ? partCountOf(etag) : 0
  const isEtagKept = count > 0 && !hasKeyServiceEtag(head) && !attempts.hasOtherEtag
  const checksum = count > 0 ? partChecksums(head) : undefined
  const upload = await TargetUpload.begin(context, task, {
    facts: head,
    tags,
    sourceEtag: isEtagKept ? undefined : etag,
    checksum: checksum ?? undefined,
  })
  try {
    const copying: Copying = { context, task, etag, upload, head }
    const parts = count > 0 ? await copyItsParts(copying, count) : await copyRanges(copying, sizeBytes)
    if (parts.reduce((sum, part) => sum + part.sizeBytes, 0) !== sizeBytes)
      throw new DamagedBody(`its parts do not add up to its ${sizeBytes} bytes`)
    const md5 = md5OfParts(parts)
    const told = combinedChecksum(head)
    const voucher = vouchedBy(
      {
        etag: count > 0 ? etag : etagOfUnknownParts(etag),
        md5: count > 0 ? md5 : '',
        facts: head,
        isChecksumRight:
          told &&
          fullObjectChecksum(
            told.algorithm,
            parts.map((part) => ({ value: part.checksum ?? '', sizeBytes: part.sizeBytes })),
          ) === told.value,
      },
      attempts,
      takesUnverified,
    )
    await upload.complete(parts, md5)
    const losses: Loss[] = [...upload.losses]
    if (md5 !== etag)
      losses.push(
        count > 0
          ? 'its ETag, since that is no MD5 at the source'
          : 'its ETag, since its parts cannot be had as they were uploaded',
      )
    if (checksum === null) losses.push('its checksum, of a kind that is not kept')
    return { etag, modifiedAt: head.LastModified, sizeBytes, losses, isUnverified: voucher === 'size' }
  } catch (error) {
    await upload.abort()
    throw error
  }
}

interface Copying {
  readonly context: CopyContext
  readonly task: CopyTask
  /** The source's. */
  readonly etag: string
  readonly upload: TargetUpload
  readonly head: HeadObjectCommandOutput
}

/** An ETag of which it is not known what it is the MD5 of vouches for nothing. */
const etagOfUnknownParts = (etag: string): string => `unknown parts of ${etag}`

/** As S3 makes the ETag of an object of its parts. */
const md5OfParts = (parts: readonly CopiedPart[]): string =>
  `${createHash('md5')
    .update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))))
    .digest('hex')}-${parts.length}`

/** All parts as they were uploaded, some at once. */
async function copyItsParts(copying: Copying, count: number): Promise<CopiedPart[]> {
  const parts: CopiedPart[] = []
  const copyOne = async (number: number): Promise<void> => {
    parts[number - 1] = await copyPart(copying, number, { PartNumber: number }, (got) =>
      checkIsPart(got, count, copying.head),
    )
  }
  // The first one shows whether the source gives parts at all.
  await copyOne(1)
  await forEachAtOnce(numbers(2, count), PARTS_AT_ONCE, copyOne)
  return parts
}

async function* numbers(first: number, last: number): AsyncGenerator<number> {
  for (let number = first; number <= last; number++) yield await Promise.resolve(number)
}

function checkIsPart(got: GetObjectCommandOutput, count: number, head: HeadObjectCommandOutput): void {
  const isAll = got.ContentLength === head.ContentLength
  const isPart = got.PartsCount === undefined ? !isAll : got.PartsCount === count
  if (count > 1 && !isPart) throw new PartsNotAtHand('the source does not give its parts')
}

/** All bytes in parts of a size that suits, one after the other. */
async function copyRanges(copying: Copying, sizeBytes: number): Promise<CopiedPart[]> {
  const partSize = partSizeOf(sizeBytes)
  const parts: CopiedPart[] = []
  let from = 0
  do {
    const end = Math.min(from + partSize, sizeBytes) - 1
    // Of an empty object there is no range.
    parts.push(
      await copyPart(copying, parts.length + 1, sizeBytes === 0 ? {} : { Range: `bytes=${from}-${end}` }),
    )
    from += partSize
  } while (from < sizeBytes)
  return parts
}

function copyPart(
  { context, task, etag, upload, head }: Copying,
  number: number,
  piece: { readonly PartNumber?: number; readonly Range?: string },
  check?: (got: GetObjectCommandOutput) => void,
): Promise<CopiedPart> {
  const { source, target, slots, signal, advance } = context
  const told = combinedChecksum(head)
  const copyOnce = async (): Promise<CopiedPart> => {
    const got = await readPart(
      context,
      new GetObjectCommand({ ...sourcePlace(task), ...piece, IfMatch: `"${etag}"` }),
    )
    const sizeBytes = got.ContentLength ?? 0
    const body = measureBody(got.Body, {
      sizeBytes,
      checksums: told === undefined ? [] : [told.algorithm],
      signal,
      advance,
    })
    try {
      check?.(got)
      const response = await sendBody(body, (stream, abortSignal) =>
        target.client.send(
          new UploadPartCommand({
            ...upload.place,
            PartNumber: number,
            Body: stream,
            ContentLength: sizeBytes,
            ...upload.checksumOfParts,
          }),
          { abortSignal },
        ),
      )
      const { md5, checksums } = body.digests()
      if (md5 === null || unquoteEtag(response.ETag ?? '') !== md5)
        throw new DamagedBody(`part ${number} did not arrive as it was read`)
      const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } =
        response
      return {
        PartNumber: number,
        ETag,
        ...(upload.checksumOfParts === undefined
          ? {}
          : { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 }),
        sizeBytes,
        md5,
        checksum: told && checksums[told.algorithm],
      }
    } finally {
      body.close()
    }
  }
  return source.retry(() => slots.use(copyOnce))
}

/** @throws PartsNotAtHand where the source says that it gives no parts */
async function readPart({ source }: CopyContext, command: GetObjectCommand): Promise<GetObjectCommandOutput> {
  try {
    return await reading(() => source.client.send(command))
  } catch (error) {
    if (command.input.PartNumber === undefined || !source.isRefusal(error)) throw error
    throw new PartsNotAtHand('the source does not give its parts', { cause: error })
  }
}
