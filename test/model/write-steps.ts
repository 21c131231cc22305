import {
  CopyObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import {
  asQuery,
  asTagSet,
  attributesOf,
  conditionHeaders,
  conditionsOf,
  contentOf,
  KEYS,
  shownId,
  someVersion,
  writtenId,
  type Lab,
  type Step,
} from './lab.ts'
import { etagOf, Refusal } from './s3-model.ts'

export function putStep(lab: Lab, key: string): Step {
  const { s3, bucket, model } = lab
  const [content, conditions] = [contentOf(lab), conditionsOf(lab, key)]
  return {
    title: `put ${key} ${JSON.stringify({ ...content, ...conditions })}`,
    run: async () => {
      const response = await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: content.body,
          ...attributesOf(content),
          ...conditionHeaders(conditions),
        }),
      )
      return { ETag: response.ETag, VersionId: response.VersionId }
    },
    expect: (response) => {
      model.checkWrite(key, conditions)
      const id = writtenId(lab, response)
      model.put(key, content, id)
      return { ETag: etagOf(content.body), VersionId: shownId(lab, id) }
    },
  }
}

export function copyStep(lab: Lab, key: string): Step {
  const { s3, bucket, model, random } = lab
  const source = random.oneOf(KEYS)
  const versionId = someVersion(lab, source)
  const [replacesMetadata, replacesTags] = [random.below(2) === 0, random.below(2) === 0]
  const given = contentOf(lab)
  const path = `${bucket}/${source.split('/').map(encodeURIComponent).join('/')}`
  return {
    title: `copy ${source} ${versionId ?? ''} to ${key}${replacesMetadata ? ', new metadata' : ''}${replacesTags ? ', new tags' : ''}`,
    run: async () => {
      const response = await s3.send(
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
        ETag: response.CopyObjectResult?.ETag,
        VersionId: response.VersionId,
        CopySourceVersionId: response.CopySourceVersionId,
      }
    },
    expect: (response) => {
      if (source === key && versionId === undefined && !replacesMetadata) throw new Refusal('InvalidRequest')
      const found = findSource(lab, source, versionId)
      const content = {
        body: found.content.body,
        contentType: replacesMetadata ? given.contentType : found.content.contentType,
        metadata: replacesMetadata ? given.metadata : found.content.metadata,
        tags: replacesTags ? given.tags : found.content.tags,
      }
      const id = writtenId(lab, response)
      model.put(key, content, id)
      return {
        ETag: etagOf(content.body),
        VersionId: model.versioning === 'Never' ? undefined : id,
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

export function tagStep(lab: Lab, key: string): Step {
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
        const { id, content } = model.findTagged(key, versionId)
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
      const { id } = model.findTagged(key, versionId)
      model.setTags(key, versionId, dice === 1 ? tags : {})
      return { VersionId: shown(id) }
    },
  }
}
