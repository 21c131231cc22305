import { KEY_POLICY_LENGTH_MAX, type KeyRight } from '../../model/lugsail/access-key-shapes.ts'
import { compileAddressRanges } from '../authorization/policy/condition-operators.ts'
import { parseKeyPolicy } from '../authorization/policy/parse.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import type { ApplicationCredential } from '../records/credential.ts'
import { checkTags } from '../tags/check-tags.ts'
import { checkKeyLength } from '../versions/object-key.ts'

/** What an application key is to be bound by, as its account says it. Instants are epoch milliseconds. */
export interface KeyDescription {
  readonly description?: string | undefined
  /** Names. */
  readonly buckets?: readonly string[] | undefined
  readonly rights?: readonly KeyRight[] | undefined
  readonly policy?: string | undefined
  readonly prefixes?: readonly string[] | undefined
  readonly sourceNetworks?: readonly string[] | undefined
  readonly expiresAt?: number | undefined
  readonly expiresInSeconds?: number | undefined
  readonly tags?:
    | readonly { readonly key?: string | undefined; readonly value?: string | undefined }[]
    | undefined
}

/** What a key's record has of its description. */
export type DescribedKey = Pick<
  ApplicationCredential,
  'description' | 'buckets' | 'rights' | 'policy' | 'prefixes' | 'sourceNetworks' | 'validUntil' | 'tags'
>

/**
 * Checks what is given of a description and makes of it what is stored. What is not given is not there, and neither rights nor a policy is asked for.
 * Throws `InvalidApplicationKey` naming the member, `InvalidTag`, and `NoSuchBucket` for a bucket that is not the account's.
 */
export async function readKeyDescription(
  context: ServiceContext,
  accountId: string,
  given: KeyDescription,
): Promise<DescribedKey> {
  const { description, buckets, rights, policy, prefixes, sourceNetworks } = given
  if (rights && policy !== undefined) throw invalid('rights and policy exclude each other')
  for (const [name, list] of Object.entries({ buckets, rights, prefixes, sourceNetworks }))
    if (list?.length === 0)
      throw invalid(`${name} must name at least one; what a key is not bound by is left out, or removed`)
  if (policy !== undefined) checkPolicy(policy)
  if (prefixes) checkPrefixes(prefixes)
  if (sourceNetworks) checkNetworks(sourceNetworks)
  const validUntil = endOf(given, context.clock.now())
  const tags = given.tags?.map(({ key = '', value = '' }) => ({ key, value }))
  if (tags) checkTags(tags, 'bucket')
  return {
    ...(description !== undefined && { description }),
    ...(buckets && { buckets: await findBuckets(context, accountId, buckets) }),
    ...(rights && { rights: [...new Set(rights)] }),
    ...(policy !== undefined && { policy }),
    ...(prefixes && { prefixes: [...new Set(prefixes)] }),
    ...(sourceNetworks && { sourceNetworks: [...new Set(sourceNetworks)] }),
    ...(validUntil !== undefined && { validUntil }),
    ...(tags && { tags }),
  }
}

function endOf({ expiresAt, expiresInSeconds }: KeyDescription, nowMs: number): number | undefined {
  if (expiresAt !== undefined && expiresInSeconds !== undefined)
    throw invalid('expiresAt and expiresInSeconds exclude each other')
  if (expiresInSeconds !== undefined) return nowMs + expiresInSeconds * 1_000
  if (expiresAt !== undefined && expiresAt <= nowMs)
    throw invalid(`expiresAt must be in the future, got ${new Date(expiresAt).toISOString()}`)
  return expiresAt
}

async function findBuckets(
  context: ServiceContext,
  accountId: string,
  names: readonly string[],
): Promise<NonNullable<DescribedKey['buckets']>> {
  const distinct = [...new Set(names)]
  const entries = await context.metadata.getMany(distinct.map(bucketKey))
  return distinct.map((name, at) => {
    const entry = entries[at]
    const record = entry ? bucketCodec.decode(entry.value) : null
    if (record?.accountId !== accountId)
      throw new DomainError('NoSuchBucket', { bucketName: name.slice(0, 63) })
    return { name, bucketId: record.bucketId }
  })
}

function checkPolicy(text: string): void {
  try {
    parseKeyPolicy(text)
  } catch (error) {
    if (!isDomainError(error, 'MalformedPolicy')) throw error
    throw invalid(`policy: ${error.fields.problem}`, error)
  }
}

/** A key is read with each request, and a hundred of them are a page. */
function checkPrefixes(prefixes: readonly string[]): void {
  const length = prefixes.reduce((sum, prefix) => sum + prefix.length, 0)
  if (length > KEY_POLICY_LENGTH_MAX)
    throw invalid(`prefixes have at most ${KEY_POLICY_LENGTH_MAX} characters together, got ${length}`)
  for (const prefix of prefixes) checkKeyOf('prefixes', prefix)
}

/** Refuses what is longer than a key of an object can be, naming the member that has it. */
export function checkKeyOf(member: string, text: string): void {
  try {
    checkKeyLength(text)
  } catch (error) {
    if (!isDomainError(error, 'ObjectKeyTooLong')) throw error
    const { sizeBytes, sizeBytesMax } = error.fields
    throw invalid(`${member}: a key of an object has at most ${sizeBytesMax} bytes, got ${sizeBytes}`, error)
  }
}

function checkNetworks(ranges: readonly string[]): void {
  try {
    compileAddressRanges(ranges)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw invalid(`sourceNetworks: ${error.message}`, error)
  }
}

/** The refusal of an input. */
export function invalid(problem: string, cause?: unknown): DomainError {
  return new DomainError('InvalidApplicationKey', { problem }, cause === undefined ? {} : { cause })
}
