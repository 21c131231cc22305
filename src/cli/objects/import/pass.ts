import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { isFault } from '../../fault.ts'
import { forEachAtOnce } from '../../../base/at-once.ts'
import { ObjectError } from '../object-error.ts'
import type { Report } from '../report.ts'
import type { CopyContext } from './copy-task.ts'
import { copyVersion } from './copy-version.ts'
import { isDescribedAlike, readTags, SOURCE_ETAG } from './described-object.ts'
import { isSame, planObject, planVersions } from './key-plan.ts'
import type { KeyPlan, PlanRules } from './key-plan.ts'
import { listKeys } from './listing.ts'
import type { ListedKey, ListedVersion } from './listing.ts'
import { mergeByKey } from './merge.ts'
import type { Merged } from './merge.ts'
import type { BucketPair, ImportOptions } from './options.ts'
import type { Pace } from './pace.ts'
import type { Store } from './store.ts'
import { Tally } from './tally.ts'
import { isOfOneObject, SourceGone } from './transfer-errors.ts'
import { findDifference } from './verify.ts'

/** What a pass over a bucket works with. */
export interface PassContext extends CopyContext {
  readonly options: ImportOptions
  readonly report: Report
  readonly pace: Pace
  /** Whether somebody is told how far it is. */
  readonly isPaceShown: boolean
}

/** A bucket that is passed over. */
export interface PassBucket extends BucketPair {
  /** Whether all versions are compared and copied. */
  readonly hasVersions: boolean
  /** Whether the bucket at the destination has object lock. */
  readonly hasLock: boolean
}

type MergedKey = Merged<ListedKey, ListedKey>

/** So many failures without a success between them end the pass: what is wrong is no single object. */
const FAILURES_IN_A_ROW_MAX = 100

/** Compares both sides of a bucket, key by key, and does what is wanted about each; what fails is told the report. */
export async function passOver(context: PassContext, bucket: PassBucket): Promise<Tally> {
  const { source, target, options, pace, report } = context
  const tally = new Tally()
  const listing = { hasVersions: bucket.hasVersions, prefix: options.prefix }
  const keys = mergeByKey(listKeys(source, bucket.from, listing), listKeys(target, bucket.to, listing))
  if (options.isDeleting && (await isEmpty(source, bucket.from)) && !(await isEmpty(target, bucket.to)))
    throw new ObjectError(
      `it has nothing, and --delete would empty the destination: delete its objects by hand where that is meant`,
    )
  let failuresInARow = 0
  await forEachAtOnce(keys, options.concurrency, async (merged) => {
    try {
      await (options.verify === undefined
        ? alignKey(context, bucket, merged, tally)
        : verifyKey(context, bucket, merged, tally))
      failuresInARow = 0
    } catch (error) {
      if (context.signal.aborted || isFault(error)) throw error
      tally.failed += 1
      report.failure(
        'failures',
        `s3://${bucket.from}/${merged.key}: ${explain(context, error, { ...bucket, key: merged.key })}`,
        {
          bucket: bucket.from,
          key: merged.key,
        },
      )
      if (isOfOneObject(error)) return
      failuresInARow += 1
      if (failuresInARow >= FAILURES_IN_A_ROW_MAX)
        throw new ObjectError(`${FAILURES_IN_A_ROW_MAX} objects in a row failed, so the rest was not tried`, {
          cause: error,
        })
    } finally {
      pace.advance({ objects: merged.source?.versions.length ?? 0 })
    }
  })
  return tally
}

async function isEmpty(store: Store, bucketName: string): Promise<boolean> {
  for await (const _ of listKeys(store, bucketName, { hasVersions: false, prefix: '' })) return false
  return true
}

/** What went wrong and which of the stores said so, in one line. */
export function explain(
  { source, target }: Pick<PassContext, 'source' | 'target'>,
  error: unknown,
  { from, to, key }: BucketPair & { readonly key: string },
): string {
  const [store, bucketName] = target.threw(error) ? [target, to] : [source, from]
  const why = store.explain(error, { kind: 'object', bucketName, key })
  return store.threw(error) ? `${store.name}: ${why}` : why
}

/** Both sides have something else, which nothing is wrong with for itself. */
class Difference extends ObjectError {}

async function alignKey(
  context: PassContext,
  bucket: PassBucket,
  { key, source, target }: MergedKey,
  tally: Tally,
): Promise<void> {
  const { options, pace } = context
  const { plan } = await planKey(context, bucket, { key, source, target })
  tally.same += plan.sameCount
  for (const same of source?.versions.slice(0, plan.sameCount) ?? []) pace.advance({ bytes: same.sizeBytes })
  if (plan.isConflict)
    throw new Difference(
      "the destination has another object under this key, which is newer; --overwrite puts the source's in its place",
    )
  if (plan.isCoveredThere && !options.isDeleting && isDeletedOnlyAtDestination(source, target))
    throw new Difference(
      'is there at the source and deleted at the destination; --delete takes the deletion back',
    )
  if (plan.isUncertain && (await isDescribedOtherwise(context, bucket, key)))
    await copyAll(context, bucket, { key, versions: source?.versions ?? [] }, tally)
  await copyAll(context, bucket, { key, versions: plan.copies }, tally)
  if (options.isDeleting)
    for (const { versionId } of plan.removals) {
      await context.target.ask((client) =>
        client.send(
          new DeleteObjectCommand({
            Bucket: bucket.to,
            Key: key,
            ...(versionId === undefined ? {} : { VersionId: versionId }),
          }),
        ),
      )
      tally.removed += 1
    }
  else tally.onlyThere += plan.removals.length
}

const isDeletedOnlyAtDestination = (source: MergedKey['source'], target: MergedKey['target']): boolean =>
  source?.versions.at(-1)?.isDeleteMarker === false && target?.versions.at(-1)?.isDeleteMarker === true

async function copyAll(
  context: PassContext,
  bucket: PassBucket,
  { key, versions }: { readonly key: string; readonly versions: readonly ListedVersion[] },
  tally: Tally,
): Promise<void> {
  for (const version of versions) {
    if (version.isDeleteMarker) {
      await context.target.ask((client) =>
        client.send(new DeleteObjectCommand({ Bucket: bucket.to, Key: key })),
      )
      tally.markers += 1
      continue
    }
    try {
      const copied = await copyVersion(context, { ...bucket, key, version })
      tally.copied += 1
      tally.copiedBytes += copied.sizeBytes
      tally.lost(copied.losses)
      if (copied.isUnverified) tally.unverified += 1
    } catch (error) {
      if (!(error instanceof SourceGone)) throw error
      if (await isListed(context.source, bucket, key, version))
        throw new ObjectError('is listed at the source, which does not have it when it is asked for', {
          cause: error,
        })
      tally.gone += 1
    }
  }
}

/** Whether a version is still in the listing: a store that lists what it cannot give has not deleted it. */
async function isListed(
  source: Store,
  { from, hasVersions }: PassBucket,
  key: string,
  version: ListedVersion,
): Promise<boolean> {
  // Of all keys that begin with it, it is the first.
  for await (const listed of listKeys(source, from, { hasVersions, prefix: key }))
    return (
      listed.key === key &&
      listed.versions.some((each) => each.versionId === version.versionId && isSame(each, version))
    )
  return false
}

/** Compares what both sides have of a key, by their listings and by what the destination's objects remember of ETags that they could not keep. */
async function planKey(
  { target: store, source: sourceStore, options }: PassContext,
  bucket: PassBucket,
  { key, source, target }: MergedKey,
): Promise<{ readonly plan: KeyPlan; readonly there: readonly ListedVersion[] }> {
  const rules: PlanRules = {
    clockDifferenceMs: sourceStore.clockOffsetMs - store.clockOffsetMs,
    isOverwriting: options.isOverwriting,
  }
  const here = source?.versions ?? []
  const there = await Promise.all(
    (target?.versions ?? []).map(async (version) => {
      const mayBeOne = here.some((each) => each.sizeBytes === version.sizeBytes && !each.isDeleteMarker)
      if (version.isDeleteMarker || !mayBeOne || here.some((each) => isSame(each, version))) return version
      const { Metadata } = await store.ask((client) =>
        client.send(
          new HeadObjectCommand({
            Bucket: bucket.to,
            Key: key,
            ...(version.versionId === undefined ? {} : { VersionId: version.versionId }),
          }),
        ),
      )
      return { ...version, etag: Metadata?.[SOURCE_ETAG] ?? version.etag }
    }),
  )
  const plan = bucket.hasVersions ? planVersions(here, there, rules) : planObject(here[0], there[0], rules)
  return { plan, there }
}

/** Whether metadata or tags of an object are others at the source. */
async function isDescribedOtherwise(
  { source, target }: PassContext,
  { from, to }: PassBucket,
  key: string,
): Promise<boolean> {
  const [here, there] = await Promise.all(
    (
      [
        [source, from],
        [target, to],
      ] as const
    ).map(async ([store, Bucket]) => {
      const place = { Bucket, Key: key }
      const facts = await store.ask((client) => client.send(new HeadObjectCommand(place)))
      return { facts, tags: await store.retry(() => readTags(store, place, facts)) }
    }),
  )
  return here !== undefined && there !== undefined && !isDescribedAlike(here, there)
}

async function verifyKey(
  context: PassContext,
  bucket: PassBucket,
  merged: MergedKey,
  tally: Tally,
): Promise<void> {
  const { plan, there } = await planKey(context, bucket, merged)
  tally.same += plan.sameCount
  tally.onlyThere += plan.removals.length
  if (plan.isConflict || plan.copies.length > 0)
    throw new Difference(
      merged.target === undefined
        ? 'is not at the destination'
        : bucket.hasVersions
          ? `${plan.copies.length || 'some'} of its versions are not at the destination`
          : 'is another one at the destination',
    )
  if (merged.source === undefined) throw new Difference('is not at the source')
  if (plan.isCoveredThere) throw new Difference('has newer versions at the destination')
  const { verify } = context.options
  if (verify === undefined || verify === 'listing') return
  const difference = await findDifference(
    context,
    { ...bucket, key: merged.key, here: merged.source.versions, there },
    verify,
  )
  if (difference !== undefined) throw new Difference(difference)
}
