import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { conditionHeaders, someVersion, type Lab, type Step } from './lab.ts'
import { etagOf, Refusal, type Conditions } from './s3-model.ts'

export function readStep(lab: Lab, key: string): Step {
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
      const response = isHead
        ? { ...(await s3.send(new HeadObjectCommand(input))), Body: undefined, TagCount: undefined }
        : await s3.send(new GetObjectCommand(input))
      return {
        body: await response.Body?.transformToString(),
        ETag: response.ETag,
        VersionId: response.VersionId,
        ContentType: response.ContentType,
        ContentLength: response.ContentLength,
        ContentRange: response.ContentRange,
        Metadata: response.Metadata,
        TagCount: response.TagCount,
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
