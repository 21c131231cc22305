import { HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { unquoteEtag } from '../../../base/etags.ts'
import type { Copied, CopyTask } from './copy-task.ts'
import { hasKeyService } from './described-object.ts'
import type { ObjectFacts } from './described-object.ts'
import type { Store } from './store.ts'
import { DamagedBody, EtagOfOtherBytes, SourceChanged, SourceGone } from './transfer-errors.ts'
import { withHeaders } from './with-headers.ts'

const MD5 = /^[0-9a-f]{32}$/i
const MD5_OF_PARTS = /^[0-9a-f]{32}-(\d{1,5})$/i

/** Asks for checksums. The SDK's own member would have it compare them, which is done here, for more kinds. */
export const CHECKSUM_MODE = { 'x-amz-checksum-mode': 'ENABLED' } as const

/** Of how many parts an object is that has the ETag; 0: it was stored at once. */
export const partCountOf = (etag: string): number => Number(MD5_OF_PARTS.exec(etag)?.[1] ?? 0)

/** The version at the source, as requests name it. */
export const sourcePlace = ({
  from,
  key,
  version,
}: CopyTask): { readonly Bucket: string; readonly Key: string; readonly VersionId?: string } => ({
  Bucket: from,
  Key: key,
  ...(version.versionId === undefined ? {} : { VersionId: version.versionId }),
})

/** Does what reads an object at the source. @throws SourceGone, SourceChanged in the place of the store's words for it */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    const status = error.$metadata.httpStatusCode
    if (status === 404 && error.name !== 'NoSuchBucket')
      throw new SourceGone('it is no longer at the source', { cause: error })
    if (status === 412) throw new SourceChanged('it changed while it was copied', { cause: error })
    throw error
  }
}

/** What the source says of an object. */
export const headSource = (source: Store, task: CopyTask) =>
  reading(() =>
    source.ask((client) => client.send(withHeaders(new HeadObjectCommand(sourcePlace(task)), CHECKSUM_MODE))),
  )

/** Whether the object is still the one that was copied. */
export async function isStill(source: Store, task: CopyTask, { etag, modifiedAt }: Copied): Promise<boolean> {
  const { ETag = '', LastModified } = await headSource(source, task)
  return unquoteEtag(ETag) === etag && LastModified?.getTime() === modifiedAt?.getTime()
}

/** Whether the ETag is another thing than an MD5 by what the response says. */
export const hasKeyServiceEtag = (facts: ObjectFacts): boolean =>
  hasKeyService(facts) || facts.SSECustomerAlgorithm !== undefined

/** What is known of a version from tries before. */
export interface Attempts {
  /** The MD5, or that of the parts' MD5s, of what was read last, where that was not the ETag. */
  otherMd5: string | undefined
  /** The ETag is known to be no MD5 of the bytes. */
  hasOtherEtag: boolean
}

/** What a reading is held against. */
interface Reading {
  readonly etag: string
  /** MD5 of what was read, or that of the parts' MD5s with their number. */
  readonly md5: string
  readonly facts: ObjectFacts
  /** Whether a checksum over all bytes is the source's; undefined: it told none. */
  readonly isChecksumRight: boolean | undefined
}

/**
 * Holds what was read against what the source says of it: `etag`, it has that MD5; `checksum`, it has that checksum; `size`, nothing else is known of it.
 * @throws DamagedBody where it is other than it should be, for another try; EtagOfOtherBytes where two tries agreed and `takesUnverified` is false
 */
export function vouchedBy(
  { etag, md5, facts, isChecksumRight }: Reading,
  attempts: Attempts,
  takesUnverified: boolean,
): 'etag' | 'checksum' | 'size' {
  if (isChecksumRight === false)
    throw new DamagedBody('what was read does not have the checksum that the source tells')
  if (md5 === etag.toLowerCase()) return 'etag'
  if (isChecksumRight === true) return 'checksum'
  const isMd5 = MD5.test(etag) || MD5_OF_PARTS.test(etag)
  if (!isMd5 || hasKeyServiceEtag(facts)) return 'size'
  if (attempts.otherMd5 !== md5) {
    attempts.otherMd5 = md5
    throw new DamagedBody('what was read does not have the MD5 that the ETag says')
  }
  if (!takesUnverified)
    throw new EtagOfOtherBytes(
      'what was read, twice the same, does not have the MD5 that the ETag says: it is damaged, or the ETag is no MD5; --accept-unverified takes it as it is',
    )
  attempts.hasOtherEtag = true
  return 'size'
}
