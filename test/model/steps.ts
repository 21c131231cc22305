import assert from 'node:assert/strict'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { SeededRandom } from '../seeded-random.ts'
import { objectPages, uploadPages, versionPages, type Listing, type Page } from './listing-model.ts'
import { listedByV1, listedByV2, listedUploads, listedVersions } from './real-pages.ts'
import { etagOf, Refusal, type Conditions, type Content, type S3Model } from './s3-model.ts'
import { uploadStep } from './upload-steps.ts'

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
  readonly expect: (answer: Readonly<Record<string, unknown>> | null) => Readonly<Record<string, unknown>>
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
const PREFIXES = ['', '', 'a', 'a/', 'b/', 'a/b', '\u{1f600}', 'none']
/** The empty one: none. */
const DELIMITERS = ['', '/', '/', 'b', '//']

export function contentOf({ random, step }: Lab): Content {
  return {
    body: `${'x'.repeat(random.below(3) * 9)} of step ${step}`,
    contentType: random.oneOf(['text/plain', 'application/json', 'image/png']),
    metadata: random.below(2) === 0 ? {} : { step: String(step), name: random.oneOf(['a', 'b']) },
    tags: random.below(3) === 0 ? { team: random.oneOf(['red', 'blue + green']) } : {},
  }
}

const asQuery = (tags: Content['tags']): string => new URLSearchParams(tags).toString()
const asTagSet = (tags: Content['tags']) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
export const attributesOf = ({ contentType, metadata, tags }: Content) => ({
  ContentType: contentType,
  Metadata: { ...metadata },
  ...(Object.keys(tags).length > 0 && { Tagging: asQuery(tags) }),
})

/** The id of what was written: `null` where the bucket does not give ids. */
export function writtenId({ model }: Lab, answer: Readonly<Record<string, unknown>> | null): string {
  const id = answer?.['VersionId']
  if (model.versioning !== 'Enabled') return 'null'
  assert.ok(typeof id === 'string' && id !== 'null', 'a bucket with versions gives each an id')
  return id
}

/** What an answer to a write says of the version: nothing unless the bucket keeps versions. */
export const shownId = ({ model }: Lab, id: string) => (model.versioning === 'Enabled' ? id : undefined)

/** A version of the key, of another key, `null`, or none. */
function someVersion({ model, random }: Lab, key: string): string | undefined {
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

/** The next step by chance. */
export function nextStep(lab: Lab): Step {
  const { random } = lab
  const key = random.oneOf(KEYS)
  const dice = random.below(100)
  if (dice < 22) return putStep(lab, key)
  if (dice < 34) return deleteStep(lab, key)
  if (dice < 40) return deleteManyStep(lab)
  if (dice < 52) return readStep(lab, key)
  if (dice < 60) return copyStep(lab, key)
  if (dice < 70) return tagStep(lab, key)
  if (dice < 84) return uploadStep(lab, key)
  if (dice < 87) return versioningStep(lab)
  return listStep(lab)
}

function putStep(lab: Lab, key: string): Step {
  const { s3, bucket, model } = lab
  const [content, conditions] = [contentOf(lab), conditionsOf(lab, key)]
  return {
    title: `put ${key} ${JSON.stringify({ ...content, ...conditions })}`,
    run: async () => {
      const answer = await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: content.body,
          ...attributesOf(content),
          ...conditionHeaders(conditions),
        }),
      )
      return { ETag: answer.ETag, VersionId: answer.VersionId }
    },
    expect: (answer) => {
      model.checkWrite(key, conditions)
      const id = writtenId(lab, answer)
      model.put(key, content, id)
      return { ETag: etagOf(content.body), VersionId: shownId(lab, id) }
    },
  }
}

function deleteStep(lab: Lab, key: string): Step {
  const { s3, bucket } = lab
  const versionId = someVersion(lab, key)
  return {
    title: `delete ${key} ${versionId ?? ''}`,
    run: async () => {
      const answer = await s3.send(
        new DeleteObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
        }),
      )
      return { VersionId: answer.VersionId, DeleteMarker: answer.DeleteMarker }
    },
    expect: (answer) => deleted(lab, { key, versionId }, answer?.['VersionId']),
  }
}

/** What S3 says of a deletion, which happens in the model. */
function deleted(
  { model }: Lab,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
  shown: unknown,
) {
  if (versionId !== undefined) {
    const wasMarker = model.remove(key, versionId)
    return { VersionId: versionId, DeleteMarker: wasMarker ? true : undefined }
  }
  if (model.versioning === 'Never') {
    model.delete(key, '')
    return { VersionId: undefined, DeleteMarker: undefined }
  }
  const id = model.versioning === 'Suspended' ? 'null' : String(shown)
  model.delete(key, id)
  return { VersionId: id, DeleteMarker: true }
}

function deleteManyStep(lab: Lab): Step {
  const { s3, bucket, model, random } = lab
  const entries = [...new Set([random.oneOf(KEYS), random.oneOf(KEYS), random.oneOf(KEYS)])].map((key) => ({
    key,
    versionId: someVersion(lab, key),
  }))
  const isQuiet = random.below(2) === 0
  return {
    title: `delete many ${JSON.stringify(entries)}${isQuiet ? ' quietly' : ''}`,
    run: async () => {
      const { Deleted = [], Errors = [] } = await s3.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: {
            Quiet: isQuiet,
            Objects: entries.map(({ key, versionId }) => ({
              Key: key,
              ...(versionId !== undefined && { VersionId: versionId }),
            })),
          },
        }),
      )
      // A quiet answer does not tell the ids of delete markers.
      const newestIds = await Promise.all(entries.map(({ key }) => newestId(lab, key)))
      return { Deleted, Errors, newestIds }
    },
    expect: (answer) => {
      const newestIds = (answer?.['newestIds'] ?? []) as readonly (string | undefined)[]
      const elements = entries.map(({ key, versionId }, at) => {
        const { VersionId, DeleteMarker } = deleted(lab, { key, versionId }, newestIds[at])
        return {
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
          ...(DeleteMarker === true && { DeleteMarker, DeleteMarkerVersionId: VersionId }),
        }
      })
      return {
        Deleted: isQuiet ? [] : elements,
        Errors: [],
        newestIds: entries.map(({ key }) => model.versionsOf(key)[0]?.id),
      }
    },
  }
}

async function newestId({ s3, bucket }: Lab, key: string): Promise<string | undefined> {
  const answer = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }))
  const rows = [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])]
  return rows.find((row) => row.Key === key && row.IsLatest === true)?.VersionId
}

function readStep(lab: Lab, key: string): Step {
  const { s3, bucket, model, random } = lab
  const versionId = someVersion(lab, key)
  const range = random.below(4) === 0 ? { from: random.below(12), to: 3 + random.below(30) } : null
  const etag = random.below(2) === 0 ? (model.current(key)?.etag ?? etagOf('')) : etagOf('another')
  const conditions = [{}, {}, {}, { ifMatch: etag }, { ifNoneMatch: etag }][random.below(5)] ?? {}
  const input = {
    Bucket: bucket,
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
    ...(range && { Range: `bytes=${range.from}-${range.to}` }),
    ...conditionHeaders(conditions),
  }
  const isHead = random.below(3) === 0
  return {
    title: `${isHead ? 'head' : 'get'} ${JSON.stringify(input)}`,
    run: async () => {
      const answer = isHead
        ? { ...(await s3.send(new HeadObjectCommand(input))), Body: undefined, TagCount: undefined }
        : await s3.send(new GetObjectCommand(input))
      return {
        body: await answer.Body?.transformToString(),
        ETag: answer.ETag,
        VersionId: answer.VersionId,
        ContentType: answer.ContentType,
        ContentLength: answer.ContentLength,
        ContentRange: answer.ContentRange,
        Metadata: answer.Metadata,
        TagCount: answer.TagCount,
      }
    },
    expect: () => {
      const { id, etag: found, content } = findOrHead(lab, { key, versionId, isHead })
      const { ifMatch, ifNoneMatch } = conditions as Conditions
      if (ifMatch !== undefined && ifMatch !== found) throw new Refusal(isHead ? '412' : 'PreconditionFailed')
      if (ifNoneMatch === found) throw new Refusal('304')
      if (range && (range.from > range.to || range.from >= content.body.length)) {
        // A range that ends before it begins is none.
        if (range.from <= range.to) throw new Refusal(isHead ? '416' : 'InvalidRange')
      }
      const isPart = range !== null && range.from <= range.to
      const end = isPart ? Math.min(range.to + 1, content.body.length) : content.body.length
      const body = content.body.slice(isPart ? range.from : 0, end)
      return {
        body: isHead ? undefined : body,
        ETag: found,
        VersionId: model.versioning === 'Never' ? undefined : id,
        ContentType: content.contentType,
        ContentLength: body.length,
        ContentRange: isPart ? `bytes ${range.from}-${end - 1}/${content.body.length}` : undefined,
        Metadata: content.metadata,
        TagCount: isHead ? undefined : Object.keys(content.tags).length || undefined,
      }
    },
  }
}

function findOrHead(
  { model }: Lab,
  {
    key,
    versionId,
    isHead,
  }: { readonly key: string; readonly versionId: string | undefined; readonly isHead: boolean },
) {
  try {
    return model.find(key, versionId)
  } catch (error) {
    if (isHead && error instanceof Refusal)
      throw new Refusal(error.code === 'MethodNotAllowed' ? '405' : '404')
    throw error
  }
}

function copyStep(lab: Lab, key: string): Step {
  const { s3, bucket, model, random } = lab
  const source = random.oneOf(KEYS)
  const versionId = someVersion(lab, source)
  const [replacesMetadata, replacesTags] = [random.below(2) === 0, random.below(2) === 0]
  const given = contentOf(lab)
  const path = `${bucket}/${source.split('/').map(encodeURIComponent).join('/')}`
  return {
    title: `copy ${source} ${versionId ?? ''} to ${key}${replacesMetadata ? ', new metadata' : ''}${replacesTags ? ', new tags' : ''}`,
    run: async () => {
      const answer = await s3.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: key,
          CopySource: path + (versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`),
          MetadataDirective: replacesMetadata ? 'REPLACE' : 'COPY',
          TaggingDirective: replacesTags ? 'REPLACE' : 'COPY',
          ...(replacesMetadata && { ContentType: given.contentType, Metadata: { ...given.metadata } }),
          ...(replacesTags && { Tagging: asQuery(given.tags) }),
        }),
      )
      return {
        ETag: answer.CopyObjectResult?.ETag,
        VersionId: answer.VersionId,
        CopySourceVersionId: answer.CopySourceVersionId,
      }
    },
    expect: (answer) => {
      // Onto itself as well: a bucket of today encrypts, and so what is copied anew may change.
      const found = findSource(lab, source, versionId)
      const content = {
        body: found.content.body,
        contentType: replacesMetadata ? given.contentType : found.content.contentType,
        metadata: replacesMetadata ? given.metadata : found.content.metadata,
        tags: replacesTags ? given.tags : found.content.tags,
      }
      const id = writtenId(lab, answer)
      model.put(key, content, id)
      return {
        ETag: etagOf(content.body),
        VersionId: shownId(lab, id),
        CopySourceVersionId: model.versioning === 'Never' ? undefined : found.id,
      }
    },
  }
}

/** A delete marker that is named is no source of a copy. */
function findSource({ model }: Lab, key: string, versionId: string | undefined) {
  try {
    return model.find(key, versionId)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'MethodNotAllowed') throw new Refusal('InvalidRequest')
    throw error
  }
}

function tagStep(lab: Lab, key: string): Step {
  const { s3, bucket, model, random } = lab
  const versionId = someVersion(lab, key)
  const address = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) }
  const tags = contentOf(lab).tags
  const shown = (id: string) => (model.versioning === 'Never' ? undefined : id)
  const dice = random.below(3)
  if (dice === 0)
    return {
      title: `tags of ${key} ${versionId ?? ''}`,
      run: async () => {
        const { TagSet, VersionId } = await s3.send(new GetObjectTaggingCommand(address))
        return { TagSet, VersionId }
      },
      expect: () => {
        const { id, content } = model.find(key, versionId)
        return { TagSet: asTagSet(content.tags), VersionId: shown(id) }
      },
    }
  return {
    title: `${dice === 1 ? `tag ${JSON.stringify(tags)}` : 'untag'} ${key} ${versionId ?? ''}`,
    run: async () => {
      const { VersionId } =
        dice === 1
          ? await s3.send(new PutObjectTaggingCommand({ ...address, Tagging: { TagSet: asTagSet(tags) } }))
          : await s3.send(new DeleteObjectTaggingCommand(address))
      return { VersionId }
    },
    expect: () => {
      const { id } = model.find(key, versionId)
      model.setTags(key, versionId, dice === 1 ? tags : {})
      return { VersionId: shown(id) }
    },
  }
}

function versioningStep({ s3, bucket, model, random }: Lab): Step {
  const Status = random.below(3) === 0 ? 'Suspended' : 'Enabled'
  return {
    title: `versioning ${Status}`,
    run: async () => {
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }))
      return {}
    },
    expect: () => {
      model.versioning = Status
      return {}
    },
  }
}

function listStep(lab: Lab): Step {
  const { s3, bucket, model, random } = lab
  const delimiter = random.oneOf(DELIMITERS)
  const listing: Listing = {
    prefix: random.oneOf(PREFIXES),
    maxKeys: 1 + random.below(7),
    ...(delimiter !== '' && { delimiter }),
  }
  const [name, real, expected] = random.oneOf<
    readonly [
      string,
      (s3: S3Client, bucket: string, listing: Listing) => Promise<Page[]>,
      (model: S3Model, listing: Listing) => Page[],
    ]
  >([
    ['list', listedByV2, objectPages],
    ['list by version 1', listedByV1, objectPages],
    ['list versions', listedVersions, versionPages],
    ['list uploads', listedUploads, uploadPages],
  ])
  return {
    title: `${name} ${JSON.stringify(listing)}`,
    run: async () => ({ pages: (await real(s3, bucket, listing)).map(sortedRows) }),
    expect: () => ({ pages: expected(model, listing).map(sortedRows) }),
  }
}

/** An answer has versions and delete markers in two lists: a page is compared without the order of its rows, which the pages' borders hold. */
const sortedRows = ({ rows, ...page }: Page): Page => ({ ...page, rows: [...rows].sort() })
