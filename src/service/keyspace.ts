import type { AccessKeySlot } from './records/credential.ts'
import {
  prefixEnd,
  readSextetPart,
  readTextPart,
  sextetPart,
  textKey,
  textPart,
  uint64Part,
} from '../base/key.ts'

/**
 * Where each record lies in the metadata store. `text`, `uint64`, `sextets` and `raw` are the encodings of base/key.ts; a tag is one ASCII character.
 *
 *     A text(accountId)                                          account
 *     N text(accountName)                                        account id by account name
 *     I text(canonicalUserId)                                    account id by canonical user id
 *     K text(accessKeyId)                                        credential: any access key
 *     L text(accessKeyId)                                        last use of that access key
 *     T text(accountId) raw(keyName)                             access key id of the application key of that name
 *     t text(bucketId) raw(keyName)                              that the application key of that name is for the bucket, among others perhaps
 *     n text(accountId)                                          how many application keys the account has
 *     G text(accountId) raw(roleName)                            role: rights that are taken for a time
 *     g text(roleId)                                             last use of that role
 *     S text(bucketId) raw(slot: '0'|'1')                        access key id in that slot of the bucket
 *     B text(bucketName)                                         bucket, with all its settings
 *     b text(accountId) text(region) raw(bucketName)             bucket index of an account
 *     D text(bucketId)                                           bucket that was deleted and whose objects are being removed
 *     R text(accountId) text(region) raw(resourceName)           resource known to the server
 *     O text(operationId)                                        operation record
 *     o text(accountId) text(region) uint64(ms) raw(operationId)                     operation record index, oldest first
 *     r text(accountId) text(region) text(resourceName) uint64(ms) raw(operationId)  the same, per resource
 *     C text(bucketId) raw(objectKey)                            current version of an object
 *     V text(bucketId) text(objectKey) sextets(uint64(2^64-1-order))    older version, or a delete marker (also the newest one); newest first
 *     0 text(bucketId) raw(objectKey)                            where the null version is, when it is among V
 *     U text(bucketId) text(objectKey) sextets(uploadId)             multipart upload in progress
 *     P text(uploadId) uint64(partNumber)                        uploaded part
 *     F text(blobId)                                             reference: this blob belongs to an object or a part
 *     W text(writerId)                                           writer lease: blobs named after it may be in the making
 *     w text(writerId)                                           written anew by each renewal of that lease
 *     Q text(writerId)                                           question of a process: may these blobs be removed, or does another read them?
 *     q text(writerId) raw(answeringWriterId)                    answer of another process to that question
 *     X text(bucketId) raw(shard)                                usage counters of a bucket, one row a shard
 *     Y text(bucketId) uint64(day) raw(shard)                    daily usage points and transfer of a bucket
 *     Z text(bucketId) text(objectKey) raw(order)                what was found damaged of that version; without an order: of its record
 *     J text(accessKeyId)                                        that this access key was rotated and is to retire, or did
 *     u uint64(day) text(accountId) text(accessKeyId) raw(user)  uses of an access key on a day by one user; without a user: how many there are
 *     k text(accountId) uint64(day)                              how many rows tell of uses of the account's keys on a day
 *     j text(writer) uint64(count)                               which records a commit changed, for the mirror; deleted once it has them
 *     M raw(name)                                                the store itself: format version, identity
 *
 * `V` holds every version but a current, visible one; `C` holds that one alone, so that a listing of a bucket never steps over
 * delete markers or older versions, and no version is stored twice.
 */
const tag = (letter: string) => Buffer.from(letter, 'latin1')
const raw = (text: string) => Buffer.from(text, 'utf8')
const MAX_UINT64 = (1n << 64n) - 1n

/** An account by its id. */
export const accountKey = (accountId: string) => textKey('A', accountId)
/** All accounts, by id. */
export const accountsRange = () => rangeOf(tag('A'))
/** An account's id, by its name. */
export const accountNameKey = (name: string) => textKey('N', name)

/** An account's id, by its canonical user id. */
export const canonicalUserKey = (canonicalUserId: string) => textKey('I', canonicalUserId)

/** An access key of any kind. */
export const credentialKey = (accessKeyId: string) => textKey('K', accessKeyId)
/** All access keys. */
export const credentialsRange = () => rangeOf(tag('K'))
/** When an access key was last used. */
export const lastUsedKey = (accessKeyId: string) => textKey('L', accessKeyId)
/** One of the two places for access keys of a bucket: holds the id of the key that has it. */
export const accessKeySlotKey = (bucketId: string, slot: AccessKeySlot) =>
  textKey('S', bucketId, String(slot))

const keyNamePrefix = (accountId: string) => textKey('T', accountId)
/** What has a name among the application keys of an account. */
export const keyNameKey = (accountId: string, name: string) =>
  Buffer.concat([keyNamePrefix(accountId), raw(name)])
/** The names of an account's application keys; `beginning`: those that begin with it. */
export const keyNamesRange = (accountId: string, beginning = '') => rangeOf(keyNameKey(accountId, beginning))
/** That an application key is for a bucket. */
export const bucketKeyNameKey = (bucketId: string, name: string) =>
  Buffer.concat([textKey('t', bucketId), raw(name)])
/** The names of the application keys that are for a bucket; `beginning`: those that begin with it. */
export const bucketKeyNamesRange = (bucketId: string, beginning = '') =>
  rangeOf(bucketKeyNameKey(bucketId, beginning))
/** How many application keys an account has. */
export const keyCountKey = (accountId: string) => textKey('n', accountId)

const rolePrefix = (accountId: string) => textKey('G', accountId)
/** A role of an account. */
export const roleKey = (accountId: string, name: string) => textKey('G', accountId, name)
/** When a role was last used. */
export const roleLastUsedKey = (roleId: string) => textKey('g', roleId)
/** The roles of an account; `beginning`: those whose names begin with it. */
export const rolesRange = (accountId: string, beginning = '') =>
  rangeOf(Buffer.concat([rolePrefix(accountId), raw(beginning)]))

/** A bucket by its name, unique over all accounts. */
export const bucketKey = (bucketName: string) => textKey('B', bucketName)
/** The name of the bucket whose key it is. */
export const bucketNameOf = (key: Buffer): string => readTextPart(key, 1).text
/** All buckets of all accounts, by name. */
export const bucketsRange = () => rangeOf(tag('B'))
const bucketIndexPrefix = (accountId: string, region?: string) =>
  Buffer.concat([tag('b'), textPart(accountId), ...(region === undefined ? [] : [textPart(region)])])
/** A bucket's place among those of its account; holds its name. */
export const bucketIndexKey = (accountId: string, region: string, bucketName: string) =>
  Buffer.concat([bucketIndexPrefix(accountId, region), raw(bucketName)])
/** All buckets of an account, in one region or (without `region`) in all. */
export const bucketIndexRange = (accountId: string, region?: string) =>
  rangeOf(bucketIndexPrefix(accountId, region))

/** The memory of a bucket that is gone and whose content is still being removed. */
export const removedBucketKey = (bucketId: string) => textKey('D', bucketId)
/** All buckets whose content is still being removed. */
export const removedBucketsRange = () => rangeOf(tag('D'))

const resourcePrefix = (accountId: string, region?: string) =>
  Buffer.concat([tag('R'), textPart(accountId), ...(region === undefined ? [] : [textPart(region)])])
/** A resource of an account in a region, by its name. */
export const resourceKey = (accountId: string, region: string, resourceName: string) =>
  Buffer.concat([resourcePrefix(accountId, region), raw(resourceName)])
/** All resources of an account, in one region or (without `region`) in all. */
export const resourcesRange = (accountId: string, region?: string) =>
  rangeOf(resourcePrefix(accountId, region))

/** An operation record by its id. */
export const operationRecordKey = (operationId: string) => textKey('O', operationId)
const operationIndexPrefix = (accountId: string, region: string) =>
  Buffer.concat([tag('o'), textPart(accountId), textPart(region)])
/** An operation record's place among those of its account and region; `createdAt` in epoch milliseconds. */
export const operationIndexKey = (
  accountId: string,
  region: string,
  createdAt: number,
  operationId: string,
) => Buffer.concat([operationIndexPrefix(accountId, region), uint64Part(createdAt), raw(operationId)])
/** The operation records of an account in a region, oldest first. */
export const operationIndexRange = (accountId: string, region: string) =>
  rangeOf(operationIndexPrefix(accountId, region))
/** The places of all operation records, account by account and region by region. */
export const allOperationIndexesRange = () => rangeOf(tag('o'))
/** Whose operations the index key belongs to, and which one it names. */
export function parseOperationIndexKey(key: Buffer) {
  const account = readTextPart(key, 1)
  const region = readTextPart(key, account.end)
  return {
    accountId: account.text,
    region: region.text,
    createdAt: Number(key.readBigUInt64BE(region.end)),
    operationId: key.toString('utf8', region.end + 8),
  }
}
const resourceOperationPrefix = (accountId: string, region: string, resourceName: string) =>
  Buffer.concat([tag('r'), textPart(accountId), textPart(region), textPart(resourceName)])
/** An operation record's place among those of one resource; `createdAt` in epoch milliseconds. */
export const resourceOperationKey = (
  accountId: string,
  region: string,
  resourceName: string,
  createdAt: number,
  operationId: string,
) =>
  Buffer.concat([
    resourceOperationPrefix(accountId, region, resourceName),
    uint64Part(createdAt),
    raw(operationId),
  ])
/** The operation records of one resource, oldest first. */
export const resourceOperationRange = (accountId: string, region: string, resourceName: string) =>
  rangeOf(resourceOperationPrefix(accountId, region, resourceName))

/** Prefix of all current objects of a bucket; what follows it in a key is the object's key, as raw UTF-8. */
export const objectPrefix = (bucketId: string) => textKey('C', bucketId)
/** The current, visible version of an object. */
export const currentVersionKey = (bucketId: string, objectKey: string) => textKey('C', bucketId, objectKey)
/** All current objects of a bucket, by key. */
export const objectsRange = (bucketId: string) => rangeOf(objectPrefix(bucketId))

/** Prefix of all older versions and delete markers of a bucket; behind it, object keys in their escaped form. */
export const versionPrefix = (bucketId: string) => textKey('V', bucketId)
/** `order`: 16 hexadecimal digits, see ObjectRecord. */
export const versionKey = (bucketId: string, objectKey: string, order: string) =>
  Buffer.concat([
    versionPrefix(bucketId),
    textPart(objectKey),
    sextetPart(uint64Part(MAX_UINT64 - BigInt(`0x${order}`))),
  ])
/** All older versions and delete markers of a bucket. */
export const versionsRange = (bucketId: string) => rangeOf(versionPrefix(bucketId))
/** The older versions and delete markers of one object, newest first. */
export const versionsOfObjectRange = (bucketId: string, objectKey: string) =>
  rangeOf(Buffer.concat([versionPrefix(bucketId), textPart(objectKey)]))
/** The object key and the order in a version's key. */
export function parseVersionKey(bucketId: string, row: Buffer): { key: string; order: string } {
  const { text, end } = readTextPart(row, versionPrefix(bucketId).length)
  const order = MAX_UINT64 - readSextetPart(row.subarray(end)).readBigUInt64BE()
  return { key: text, order: order.toString(16).padStart(16, '0') }
}
/** All versions of all objects of all buckets, in two ranges. */
export const allObjectRowRanges = () => [rangeOf(tag('C')), rangeOf(tag('V'))]
/** Where the null version of an object is, while it is among the older ones. */
export const nullVersionKey = (bucketId: string, objectKey: string) => textKey('0', bucketId, objectKey)
/** All places of null versions in a bucket. */
export const nullVersionsRange = (bucketId: string) => rangeOf(textKey('0', bucketId))

/** Prefix of all uploads of a bucket; behind it, object keys in their escaped form. */
export const uploadPrefix = (bucketId: string) => textKey('U', bucketId)
/** A multipart upload in progress. */
export const uploadKey = (bucketId: string, objectKey: string, uploadId: string) =>
  Buffer.concat([uploadPrefix(bucketId), textPart(objectKey), sextetPart(raw(uploadId))])
/** All uploads of a bucket, by key and then by upload id. */
export const uploadsRange = (bucketId: string) => rangeOf(uploadPrefix(bucketId))
/** A part of an upload; `partNumber` 1–10,000. */
export const partKey = (uploadId: string, partNumber: number) =>
  Buffer.concat([tag('P'), textPart(uploadId), uint64Part(partNumber)])
/** All parts of an upload, by number. */
export const partsRange = (uploadId: string) => rangeOf(textKey('P', uploadId))

/** All parts of all uploads. */
export const allPartsRange = () => rangeOf(tag('P'))

/** That a blob belongs to an object or part. */
export const blobReferenceKey = (blobId: string) => textKey('F', blobId)
/** All references to blobs, by blob id. */
export const blobReferencesRange = () => rangeOf(tag('F'))
/** The lease of a writer, which never changes while it lives. */
export const writerLeaseKey = (writerId: string) => textKey('W', writerId)
/** All leases of writers. */
export const writerLeasesRange = () => rangeOf(tag('W'))
/** What each renewal of a writer's lease writes. */
export const writerLeaseRenewalKey = (writerId: string) => textKey('w', writerId)

/** The blobs that a process asks the others about, before it removes them. */
export const removalQuestionKey = (writerId: string) => textKey('Q', writerId)
/** The questions of all processes. */
export const removalQuestionsRange = () => rangeOf(tag('Q'))
/** What a process answered to the question of another. */
export const removalResponseKey = (writerId: string, answeringWriterId: string) =>
  textKey('q', writerId, answeringWriterId)
/** All responses to a process's question. */
export const removalResponsesRange = (writerId: string) => rangeOf(textKey('q', writerId))

/** One row of the usage counters of a bucket. */
export const usageKey = (bucketId: string, shard: string) => textKey('X', bucketId, shard)
/** All rows of the usage counters of a bucket. */
export const usageRange = (bucketId: string) => rangeOf(textKey('X', bucketId))
/** One row of a day of a bucket; days are counted from 1970-01-01 UTC. */
export const dailyUsageKey = (bucketId: string, day: number, shard: string) =>
  Buffer.concat([tag('Y'), textPart(bucketId), uint64Part(day), raw(shard)])
/** Days are counted from 1970-01-01 UTC; `from` inclusive, `to` exclusive. */
export const dailyUsageRange = (bucketId: string, from: number, to: number) => ({
  start: Buffer.concat([tag('Y'), textPart(bucketId), uint64Part(from)]),
  end: Buffer.concat([tag('Y'), textPart(bucketId), uint64Part(to)]),
})

/** What was found damaged of a version; `order` empty: its record, which does not tell its order any more. */
export const damageKey = (bucketId: string, objectKey: string, order: string) =>
  Buffer.concat([tag('Z'), textPart(bucketId), textPart(objectKey), raw(order)])
/** All that was found damaged. */
export const damagesRange = () => rangeOf(tag('Z'))
/** Which object a `C` or `V` row belongs to, the row of a version its order; null for any other key. */
export function parseObjectRowKey(
  row: Buffer,
): { readonly bucketId: string; readonly key: string; readonly order?: string } | null {
  try {
    const { text: bucketId, end } = readTextPart(row, 1)
    if (row[0] === CURRENT_TAG) return { bucketId, key: row.toString('utf8', end) }
    return row[0] === VERSION_TAG ? { bucketId, ...parseVersionKey(bucketId, row) } : null
  } catch (error) {
    // The key itself is what is damaged.
    if (error instanceof RangeError) return null
    throw error
  }
}
const [CURRENT_TAG, VERSION_TAG] = Buffer.from('CV', 'latin1')
/** That an access key was rotated and is to retire, or did. */
export const retirementKey = (accessKeyId: string) => textKey('J', accessKeyId)
/** All access keys that were rotated and are still there. */
export const retirementsRange = () => rangeOf(tag('J'))
/** Which access key the row is of. */
export const retiringKeyIdOf = (key: Buffer): string => readTextPart(key, 1).text

const keyUsePrefix = (day: number, accountId: string, accessKeyId: string) =>
  Buffer.concat([tag('u'), uint64Part(day), textPart(accountId), textPart(accessKeyId)])
/** What one user did with an access key on a day, counted from 1970-01-01 UTC; without a user: how many users there are. */
export const keyUseKey = (day: number, accountId: string, accessKeyId: string, user = '') =>
  Buffer.concat([keyUsePrefix(day, accountId, accessKeyId), raw(user)])
/** All users of an access key on a day, behind how many there are. */
export const keyUsesOfDayRange = (day: number, accountId: string, accessKeyId: string) =>
  rangeOf(keyUsePrefix(day, accountId, accessKeyId))
/** The uses of all keys before a day. */
export const keyUsesBeforeRange = (day: number) => ({
  start: tag('u'),
  end: Buffer.concat([tag('u'), uint64Part(day)]),
})

/** All uses of the keys of an account on a day. */
export const keyUsesOfAccountRange = (day: number, accountId: string) =>
  rangeOf(Buffer.concat([tag('u'), uint64Part(day), textPart(accountId)]))

/** How many rows tell of uses of an account's keys on a day. */
export const keyUseRowsKey = (accountId: string, day: number) =>
  Buffer.concat([tag('k'), textPart(accountId), uint64Part(day)])
/** Those numbers for all accounts, each account's oldest day first. */
export const keyUseRowsRange = () => rangeOf(tag('k'))
/** The account and the day in such a key. */
export function parseKeyUseRowsKey(key: Buffer): { readonly accountId: string; readonly day: number } {
  const { text, end } = readTextPart(key, 1)
  return { accountId: text, day: Number(key.readBigUInt64BE(end)) }
}

/** Whether the record under a key is a row of counters. */
export const isCounterKey = (key: Uint8Array): boolean => key[0] === USAGE_TAG || key[0] === DAILY_USAGE_TAG
const [USAGE_TAG, DAILY_USAGE_TAG] = Buffer.from('XY', 'latin1')

/** What a commit notes for the mirror. */
export const changeLogKey = (writer: string, count: number) =>
  Buffer.concat([textKey('j', writer), uint64Part(count)])
/** All that the mirror has still to take over. */
export const changeLogRange = () => rangeOf(tag('j'))

/** A record of the store itself, by its name. */
export const storeKey = (name: string) => Buffer.concat([tag('M'), raw(name)])

/** The range of all keys that start with `prefix`. */
function rangeOf(prefix: Buffer): { start: Buffer; end: Buffer } {
  const end = prefixEnd(prefix)
  if (!end) throw new RangeError('a prefix of 0xff bytes alone has no end')
  return { start: prefix, end }
}
