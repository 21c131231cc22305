import { BucketName } from '../../model/lightsail/shapes/primitives.ts'
import type { Bucket } from '../../model/lightsail/shapes/bucket.ts'
import type { TypedValue } from '../../client/typed/typed-values.ts'
import type { Log } from './log.ts'
import {
  fingerprint,
  OWN_TAG_PREFIX,
  readBucketParameters,
  type BucketParameters,
  type Parameters,
} from './parameters.ts'
import { StatusError } from './status.ts'
import { isRefusal, unlessNotFound, type DriverClient, type StorageServer } from './storage-server.ts'

/** A bucket as applications find it. */
export interface FoundBucket {
  /** What names it in later calls. */
  readonly bucketId: string
  readonly bucketName: string
  readonly region: string
  readonly endpoint: string
}

type ShownBucket = TypedValue<typeof Bucket>

/** What the bucket was asked for with, and whether deleting it deletes its objects. */
const ASKED_TAG = `${OWN_TAG_PREFIX}asked`
const DELETE_TAG = `${OWN_TAG_PREFIX}delete`

/**
 * Makes a bucket, or finds the one that an earlier call made.
 * @throws StatusError ALREADY_EXISTS for one of other parameters, or that this driver did not make
 */
export async function createBucket(
  server: StorageServer,
  log: Log,
  name: string,
  parameters: Parameters,
): Promise<FoundBucket> {
  checkName('name', name)
  const wanted = readBucketParameters(parameters)
  const asked = fingerprint(wanted)
  const region = wanted.region ?? server.region
  const client = await server.clientFor(region)
  const found = (await findBucket(client, name)) ?? (await make(client, name, wanted, asked, region, log))
  if (found !== undefined) {
    const before = tagOf(found, ASKED_TAG)
    if (before === undefined)
      throw new StatusError('ALREADY_EXISTS', `The bucket ${name} is there, and was not made by this driver`)
    if (before !== asked)
      throw new StatusError(
        'ALREADY_EXISTS',
        `The bucket ${name} is there, and was made with other parameters`,
      )
    log('found the bucket', { bucketName: name, region })
  }
  return present(server, name, region)
}

/** Makes it, and gives undefined; or gives the one that another call made meanwhile. */
async function make(
  client: DriverClient,
  bucketName: string,
  { bundleId, versioning, tags, forceDelete }: BucketParameters,
  asked: string,
  region: string,
  log: Log,
): Promise<ShownBucket | undefined> {
  try {
    await client.createBucket({
      bucketName,
      bundleId,
      enableObjectVersioning: versioning,
      tags: [
        ...tags,
        { key: ASKED_TAG, value: asked },
        ...(forceDelete ? [{ key: DELETE_TAG, value: 'force' }] : []),
      ],
    })
    log('made a bucket', { bucketName, region, bundle: bundleId })
    return undefined
  } catch (error) {
    const other = isRefusal(error) ? await findBucket(client, bucketName) : undefined
    if (other === undefined) throw error
    return other
  }
}

/**
 * Finds a bucket that somebody else made.
 * @throws StatusError NOT_FOUND; ALREADY_EXISTS where it is not as the parameters say
 */
export async function findExisting(
  server: StorageServer,
  log: Log,
  bucketId: string,
  parameters: Parameters,
): Promise<FoundBucket> {
  const { bundleId, versioning, region: wantedRegion } = readBucketParameters(parameters)
  const { bucketName, region } = readBucketId(server, bucketId)
  if (wantedRegion !== undefined && wantedRegion !== region)
    throw new StatusError('ALREADY_EXISTS', `The bucket ${bucketId} is in ${region}, not in ${wantedRegion}`)
  const bucket = await requireBucket(server, bucketId)
  const differs =
    (parameters['bundle'] !== undefined && bucket.bundleId !== bundleId) ||
    (parameters['versioning'] !== undefined && (bucket.objectVersioning === 'Enabled') !== versioning)
  if (differs)
    throw new StatusError(
      'ALREADY_EXISTS',
      `The bucket ${bucketId} is there, with another bundle or versioning`,
    )
  log('found the bucket', { bucketName, region })
  return present(server, bucketName, region)
}

/** Deletes a bucket; one that is gone is fine. @throws StatusError FAILED_PRECONDITION while it holds something */
export async function deleteBucket(server: StorageServer, log: Log, bucketId: string): Promise<void> {
  const { bucketName, region } = readBucketId(server, bucketId)
  const client = await server.clientFor(region)
  const bucket = await findBucket(client, bucketName)
  const isGone =
    bucket === undefined ||
    (await unlessNotFound(
      client.deleteBucket({ bucketName, forceDelete: tagOf(bucket, DELETE_TAG) === 'force' }),
    )) === undefined
  log(isGone ? 'the bucket was gone already' : 'deleted a bucket', { bucketName, region })
}

/** A bucket that must be there. @throws StatusError NOT_FOUND */
export async function requireBucket(server: StorageServer, bucketId: string): Promise<ShownBucket> {
  const { bucketName, region } = readBucketId(server, bucketId)
  const bucket = await findBucket(await server.clientFor(region), bucketName)
  if (bucket === undefined)
    throw new StatusError('NOT_FOUND', `There is no bucket ${bucketName} in ${region} that is the account's`)
  return bucket
}

/** What a bucket id names: `photos` in the driver's own region, `photos.eu-west-1` in another one. */
export function readBucketId({ region, s3Endpoint }: StorageServer, bucketId: string): FoundBucket {
  const [bucketName = '', named = region, ...more] = bucketId.split('.')
  checkName('bucket_id', bucketName)
  if (more.length > 0 || !/^[a-z0-9-]{1,63}$/.test(named))
    throw new StatusError(
      'INVALID_ARGUMENT',
      `bucket_id: expected a bucket's name, or name.region; got ${JSON.stringify(bucketId.slice(0, 100))}`,
    )
  return { bucketId, bucketName, region: named, endpoint: s3Endpoint }
}

const present = (server: StorageServer, bucketName: string, region: string): FoundBucket =>
  readBucketId(server, region === server.region ? bucketName : `${bucketName}.${region}`)

async function findBucket(client: DriverClient, bucketName: string): Promise<ShownBucket | undefined> {
  return (await unlessNotFound(client.getBuckets({ bucketName })))?.buckets?.[0]
}

function tagOf({ tags = [] }: ShownBucket, wanted: string): string | undefined {
  return tags.find(({ key }) => key === wanted)?.value
}

function checkName(member: string, name: string): void {
  if (BucketName.pattern?.test(name) === true) return
  throw new StatusError(
    'INVALID_ARGUMENT',
    `${member}: a bucket's name has 3 to 54 lower-case letters, digits and hyphens, with no hyphen at either end; got ${JSON.stringify(name.slice(0, 100))}`,
  )
}
