import { finished } from 'node:stream/promises'
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import type { CopyContext } from './copy-task.ts'
import { isDescribedAlike, readTags } from './described-object.ts'
import type { DescribedObject } from './described-object.ts'
import { isSame } from './key-plan.ts'
import type { ListedVersion } from './listing.ts'
import { measureBody } from './measured-body.ts'
import type { BucketPair, VerifyDepth } from './options.ts'
import type { Store } from './store.ts'

/** A key whose listings are the same. */
interface VerifiedKey extends BucketPair {
  readonly key: string
  /** Oldest first. */
  readonly here: readonly ListedVersion[]
  readonly there: readonly ListedVersion[]
}

/** What is different about a key whose listings are the same, in words; undefined: nothing. */
export async function findDifference(
  context: CopyContext,
  { from, to, key, here, there }: VerifiedKey,
  depth: Exclude<VerifyDepth, 'listing'>,
): Promise<string | undefined> {
  const left = [...there]
  for (const version of here.toReversed()) {
    const at = left.findLastIndex((each) => isSame(each, version))
    const twin = left[at]
    left.length = Math.max(at, 0)
    if (version.isDeleteMarker || twin === undefined) continue
    const sides = [
      { store: context.source, place: placeOf(from, key, version) },
      { store: context.target, place: placeOf(to, key, twin) },
    ] as const
    const isLatest = version === here.at(-1)
    const which = isLatest ? '' : ` of the version ${version.versionId ?? ''}`
    const [said, saidThere] = await Promise.all([saidOf(sides[0]), saidOf(sides[1])])
    if (!isDescribedAlike(said, saidThere)) return `what is said${which} is another thing at the destination`
    if (depth !== 'content') continue
    const [md5, md5There] = await Promise.all(sides.map((side) => md5Of(context, side)))
    if (md5 !== md5There) return `the bytes${which} are others at the destination`
  }
  return undefined
}

interface Side {
  readonly store: Store
  readonly place: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string }
}

const placeOf = (bucketName: string, key: string, { versionId }: ListedVersion): Side['place'] => ({
  Bucket: bucketName,
  Key: key,
  ...(versionId === undefined ? {} : { VersionId: versionId }),
})

async function saidOf({ store, place }: Side): Promise<DescribedObject> {
  const facts = await store.ask((client) => client.send(new HeadObjectCommand(place)))
  return { facts, tags: await store.retry(() => readTags(store, place, facts)) }
}

function md5Of({ slots, signal, advance }: CopyContext, { store, place }: Side): Promise<string | null> {
  const readOnce = async (): Promise<string | null> => {
    const { Body, ContentLength = 0 } = await store.client.send(new GetObjectCommand(place))
    const body = measureBody(Body, { sizeBytes: ContentLength, checksums: [], signal, advance })
    try {
      await finished(body.stream.resume())
      return body.digests().md5
    } finally {
      body.close()
    }
  }
  return store.retry(() => slots.use(readOnce))
}
