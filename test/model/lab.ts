import assert from 'node:assert/strict'
import type { S3Client } from '@aws-sdk/client-s3'
import type { SeededRandom } from '../seeded-random.ts'
import { etagOf, type Conditions, type Content, type S3Model } from './s3-model.ts'

/** What a step needs: both sides, and chance. */
export interface Lab {
  readonly s3: S3Client
  readonly bucket: string
  readonly model: S3Model
  readonly random: SeededRandom
  /** Counts up: no two texts are the same unless a step wants it. */
  readonly step: number
}

/** Something that a client does, and what S3 should answer; `expect` also changes the model, and throws a Refusal where S3 should refuse. */
export interface Step {
  readonly title: string
  readonly run: () => Promise<Readonly<Record<string, unknown>>>
  /** Gets what S3 answered, for what the model cannot know: the ids that S3 gives. */
  readonly expect: (response: Readonly<Record<string, unknown>> | null) => Readonly<Record<string, unknown>>
}

export const KEYS = [
  'a',
  'a/b',
  'a/b/c',
  'a/c',
  'a b+%',
  'b',
  'b/',
  'b/ä',
  'ä/x',
  '\u{1f600}/y',
  '\uffee',
  'z//z',
]

export function contentOf({ random, step }: Lab): Content {
  return {
    body: `${'x'.repeat(random.below(3) * 9)} of step ${step}`,
    contentType: random.oneOf(['text/plain', 'application/json', 'image/png']),
    metadata: random.below(2) === 0 ? {} : { step: String(step), name: random.oneOf(['a', 'b']) },
    tags: random.below(3) === 0 ? { team: random.oneOf(['red', 'blue + green']) } : {},
  }
}

export const asQuery = (tags: Content['tags']): string => new URLSearchParams(tags).toString()
export const asTagSet = (tags: Content['tags']) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
export const attributesOf = ({ contentType, metadata, tags }: Content) => ({
  ContentType: contentType,
  Metadata: { ...metadata },
  ...(Object.keys(tags).length > 0 && { Tagging: asQuery(tags) }),
})

/** The id of what was written: `null` where the bucket does not give ids. */
export function writtenId({ model }: Lab, response: Readonly<Record<string, unknown>> | null): string {
  const id = response?.['VersionId']
  if (model.versioning !== 'Enabled') return 'null'
  assert.ok(typeof id === 'string' && id !== 'null', 'a bucket with versions gives each an id')
  return id
}

/** What a response to a write says of the version: nothing unless the bucket keeps versions. */
export const shownId = ({ model }: Lab, id: string) => (model.versioning === 'Enabled' ? id : undefined)

/** A version of the key, of another key, `null`, or none. */
export function someVersion({ model, random }: Lab, key: string): string | undefined {
  const ids = model.versionsOf(random.below(8) === 0 ? random.oneOf(KEYS) : key).map(({ id }) => id)
  return random.below(2) === 0 ? undefined : random.oneOf([...ids, 'null'])
}

export function conditionsOf({ model, random }: Lab, key: string): Conditions {
  const etag = random.below(2) === 0 ? (model.current(key)?.etag ?? etagOf('')) : etagOf('another')
  const dice = random.below(8)
  return dice === 0 ? { ifMatch: etag } : dice === 1 ? { ifNoneMatch: '*' } : {}
}

export const conditionHeaders = ({ ifMatch, ifNoneMatch }: Conditions) => ({
  ...(ifMatch !== undefined && { IfMatch: ifMatch }),
  ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
})
