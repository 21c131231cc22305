import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import type { GetObjectCommandOutput, Tag } from '@aws-sdk/client-s3'
import { unquoteEtag } from '../../../base/etags.ts'
import { systemClock } from '../../../base/clock.ts'
import { BODY_BYTES_MAX } from '../../../model/s3/shapes/new-object.ts'
import { CHECKSUM_HEADERS } from '../../../protocol/checksums/algorithms.ts'
import { wholeChecksum } from './checksums-kept.ts'
import type { Copied, CopyContext, CopyTask } from './copy-task.ts'
import { describeObject, readTags } from './described-object.ts'
import { measureBody, readWhole, sendBody } from './measured-body.ts'
import type { MeasuredBody } from './measured-body.ts'
import {
  CHECKSUM_MODE,
  hasKeyServiceEtag,
  partCountOf,
  reading,
  sourcePlace,
  vouchedBy,
} from './source-object.ts'
import type { Attempts } from './source-object.ts'
import { DamagedBody, SourceInParts } from './transfer-errors.ts'
import { withHeaders } from './with-headers.ts'

/** Bodies up to so many bytes are read before they are sent, so that a damaged one is never sent. */
const BUFFERED_BYTES_MAX = 1024 * 1024

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

/** Copies a version in one piece, tried once. @throws SourceInParts where that cannot be */
export async function copyWhole(context: CopyContext, task: CopyTask, attempts: Attempts): Promise<Copied> {
  const { source, signal, advance } = context
  const place = sourcePlace(task)
  const got = await reading(() => source.client.send(withHeaders(new GetObjectCommand(place), CHECKSUM_MODE)))
  const sizeBytes = got.ContentLength ?? 0
  const checksum = wholeChecksum(got)
  const body = measureBody(got.Body, {
    sizeBytes,
    checksums: checksum === undefined ? [] : [checksum.algorithm],
    signal,
    advance,
  })
  try {
    if (partCountOf(unquoteEtag(got.ETag ?? '')) > 0 || sizeBytes > BODY_BYTES_MAX)
      throw new SourceInParts('it is made of parts')
    const tags = await readTags(source, place, got)
    const piece = { got, body, tags, sizeBytes }
    return await (sizeBytes <= BUFFERED_BYTES_MAX
      ? copyBuffered(context, task, attempts, piece)
      : copyStreamed(context, task, attempts, piece))
  } finally {
    body.close()
  }
}

/** An object on its way. */
interface Piece {
  readonly got: GetObjectCommandOutput
  readonly body: MeasuredBody
  readonly tags: readonly Tag[] | null
  readonly sizeBytes: number
}

async function copyBuffered(
  context: CopyContext,
  task: CopyTask,
  attempts: Attempts,
  piece: Piece,
): Promise<Copied> {
  const bytes = await readWhole(piece.body)
  const { md5, voucher } = examine(context, attempts, piece)
  const isEtagKept = md5 === etagOf(piece)
  const { command, losses } = putCommand(task, piece, { isEtagKept, md5, body: bytes })
  const { ETag = '' } = await context.target.client.send(command)
  checkResponse(ETag, md5)
  return copied(piece, { losses, voucher })
}

async function copyStreamed(
  context: CopyContext,
  task: CopyTask,
  attempts: Attempts,
  piece: Piece,
): Promise<Copied> {
  const etag = etagOf(piece)
  // The destination compares it, so that nothing else is stored.
  const isEtagKept = /^[0-9a-f]{32}$/i.test(etag) && !hasKeyServiceEtag(piece.got) && !attempts.hasOtherEtag
  let losses: Copied['losses'] = []
  try {
    const { ETag = '' } = await sendBody(piece.body, (stream, abortSignal) => {
      const put = putCommand(task, piece, { isEtagKept, md5: isEtagKept ? etag : undefined, body: stream })
      losses = put.losses
      return context.target.client.send(put.command, { abortSignal })
    })
    const { md5, voucher } = examine(context, attempts, piece)
    checkResponse(ETag, md5)
    return copied(piece, { losses, voucher })
  } catch (error) {
    // Says whose fault it is: the reading's, or that of the way to the destination.
    if (error instanceof S3ServiceException && error.name === 'BadDigest') examine(context, attempts, piece)
    throw error
  }
}

function examine(
  { takesUnverified }: CopyContext,
  attempts: Attempts,
  piece: Piece,
): { readonly md5: string; readonly voucher: 'etag' | 'checksum' | 'size' } {
  const { md5, checksums } = piece.body.digests()
  const told = wholeChecksum(piece.got)
  if (md5 === null) throw new TypeError('the MD5 was asked for')
  const voucher = vouchedBy(
    {
      etag: etagOf(piece),
      md5,
      facts: piece.got,
      isChecksumRight: told && checksums[told.algorithm] === told.value,
    },
    attempts,
    takesUnverified,
  )
  return { md5, voucher }
}

const etagOf = ({ got }: Piece): string => unquoteEtag(got.ETag ?? '')

function checkResponse(etag: string, md5: string): void {
  if (unquoteEtag(etag) !== md5)
    throw new DamagedBody(`the destination answered with the ETag ${etag}, of other bytes than were sent`)
}

function putCommand(
  { to, key, hasLock }: CopyTask,
  piece: Piece,
  {
    isEtagKept,
    md5,
    body,
  }: {
    readonly isEtagKept: boolean
    /** Hexadecimal; undefined: not known yet. */
    readonly md5: string | undefined
    readonly body: Buffer | MeasuredBody['stream']
  },
): { readonly command: PutObjectCommand; readonly losses: Copied['losses'] } {
  const { got, tags, sizeBytes } = piece
  const checksum = wholeChecksum(got)
  const { description, headers, losses } = describeObject(got, {
    tags,
    sourceEtag: isEtagKept ? undefined : etagOf(piece),
    hasLock,
    nowMs: systemClock.now(),
  })
  const command = new PutObjectCommand({
    ...description,
    Bucket: to,
    Key: key,
    Body: body,
    ContentLength: sizeBytes,
    ...(md5 === undefined ? {} : { ContentMD5: base64Of(md5) }),
    // A version that is locked has to come with something that is compared.
    ...(md5 === undefined && checksum === undefined ? { ChecksumAlgorithm: 'CRC32' } : {}),
  })
  return {
    command: withHeaders(command, {
      ...headers,
      ...(checksum && { [CHECKSUM_HEADERS[checksum.algorithm]]: checksum.value }),
    }),
    losses: isEtagKept ? losses : [...losses, 'its ETag, since that is no MD5 at the source'],
  }
}

const copied = (
  piece: Piece,
  { losses, voucher }: { readonly losses: Copied['losses']; readonly voucher: 'etag' | 'checksum' | 'size' },
): Copied => ({
  etag: etagOf(piece),
  modifiedAt: piece.got.LastModified,
  sizeBytes: piece.sizeBytes,
  losses,
  isUnverified: voucher === 'size',
})
