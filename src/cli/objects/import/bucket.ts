import { CreateBucketCommand, HeadBucketCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { ObjectError } from '../object-error.ts'
import { listKeys } from './listing.ts'
import type { BucketPair, ImportOptions } from './options.ts'
import { passOver } from './pass.ts'
import type { PassBucket, PassContext } from './pass.ts'
import { copySettings, readNature, setVersioning } from './settings.ts'
import type { BucketNature, SettingOutcome } from './settings.ts'
import type { Store } from './store.ts'
import type { Tally } from './tally.ts'

/** What one pass made of a bucket. */
export interface BucketPass {
  readonly tally: Tally
  readonly settings: readonly SettingOutcome[]
}

/** A bucket over all passes. */
export class ImportedBucket {
  readonly pair: BucketPair
  readonly #context: PassContext
  /** Settings that were taken over, by name: each is done again only when it has changed. */
  readonly #settingsBefore = new Map<string, string>()

  constructor(context: PassContext, pair: BucketPair) {
    this.#context = context
    this.pair = pair
  }

  /** Copies what is missing, then the settings: a rule that deletes must not meet objects that are still coming. */
  async pass(): Promise<BucketPass> {
    const { source, target, options } = this.#context
    const { from, to } = this.pair
    const nature = await readNature(source, from)
    const bucket = await this.#prepare(nature)
    const tally = await this.#whileCounting(bucket)
    if (options.verify !== undefined || !options.hasSettings) return { tally, settings: [] }
    const { versioning } = nature
    const settings = await copySettings(
      { source, target },
      { from, to },
      { before: this.#settingsBefore, isDeleting: options.isDeleting, signal: this.#context.signal },
    )
    if (versioning === undefined) return { tally, settings }
    const isNew = this.#settingsBefore.get(VERSIONING) !== versioning
    if (isNew || versioning === 'Suspended') await setVersioning(target, to, versioning)
    this.#settingsBefore.set(VERSIONING, versioning)
    return { tally, settings: [{ setting: VERSIONING, outcome: isNew ? 'copied' : 'same' }, ...settings] }
  }

  async #prepare(nature: BucketNature): Promise<PassBucket> {
    const { target, options } = this.#context
    const { from, to } = this.pair
    if (!(await isThere(target, to))) {
      if (options.verify !== undefined) throw new ObjectError(`the destination has no bucket ${to}`)
      await target.ask((client) =>
        client.send(
          new CreateBucketCommand({
            Bucket: to,
            ...(nature.hasLock ? { ObjectLockEnabledForBucket: true } : {}),
          }),
        ),
      )
    }
    const there = await readNature(target, to)
    const hasVersions = options.hasVersions && nature.versioning !== undefined
    if (hasVersions && there.versioning !== 'Enabled' && options.verify === undefined)
      await setVersioning(target, to, 'Enabled')
    return { from, to, hasVersions, hasLock: there.hasLock }
  }

  /** Counts the source ahead of the copying, for the time that is left, where that is shown. */
  async #whileCounting(bucket: PassBucket): Promise<Tally> {
    const { pace, options, source, isPaceShown } = this.#context
    pace.begin(bucket.from)
    const ended = new AbortController()
    const counting = isPaceShown ? count(source, bucket, options, ended.signal) : Promise.resolve(undefined)
    // Whoever counts only helps: what is wrong with the listing, the copying finds out too.
    counting.then(
      (total) => total && pace.expect(total),
      () => undefined,
    )
    try {
      return await passOver(this.#context, bucket)
    } finally {
      ended.abort()
    }
  }
}

const VERSIONING = 'versioning'

async function isThere(store: Store, bucketName: string): Promise<boolean> {
  try {
    await store.ask((client) => client.send(new HeadBucketCommand({ Bucket: bucketName })))
    return true
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false
    throw error
  }
}

async function count(
  source: Store,
  { from, hasVersions }: PassBucket,
  { prefix }: ImportOptions,
  signal: AbortSignal,
): Promise<{ readonly objects: number; readonly bytes: number } | undefined> {
  let [objects, bytes] = [0, 0]
  for await (const { versions } of listKeys(source, from, { hasVersions, prefix })) {
    if (signal.aborted) return undefined
    objects += versions.length
    for (const { sizeBytes } of versions) bytes += sizeBytes
  }
  return { objects, bytes }
}
