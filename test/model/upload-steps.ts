import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { etagOf, Refusal } from './s3-model.ts'
import {
  attributesOf,
  conditionHeaders,
  conditionsOf,
  contentOf,
  shownId,
  writtenId,
  type Lab,
  type Step,
} from './lab.ts'

/** Parts are as small as the server of the test takes them. */
const PART_BYTES_MIN = 10
const PART_NUMBER_MAX = 4

/** A step of an upload in parts: most go on with one that began, some name one that is over. */
export function uploadStep(lab: Lab, newKey: string): Step {
  const { model, random } = lab
  const begun = [...model.uploads.values()]
  if (begun.length === 0 || random.below(6) === 0) return begin(lab, newKey)
  const { key, id } = random.oneOf(begun)
  const dice = random.below(20)
  if (dice < 9) return sendPart(lab, key, id)
  if (dice < 12) return listParts(lab, key, id)
  if (dice < 13) return abort(lab, key, id)
  if (dice < 14) return abort(lab, newKey, id)
  if (dice < 16) return partsOfObject(lab, newKey)
  return complete(lab, key, id)
}

function begin(lab: Lab, key: string): Step {
  const { s3, bucket, model } = lab
  const content = contentOf(lab)
  return {
    title: `begin upload of ${key}`,
    run: async () => {
      const { UploadId } = await s3.send(
        new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ...attributesOf(content) }),
      )
      return { UploadId }
    },
    expect: (response) => {
      const id = String(response?.['UploadId'])
      model.uploads.set(id, { id, key, content, parts: new Map() })
      return { UploadId: id }
    },
  }
}

function sendPart({ s3, bucket, model, random, step }: Lab, key: string, id: string): Step {
  const number = 1 + random.below(PART_NUMBER_MAX)
  const body = `part ${number} of step ${step}`.slice(0, random.below(4) === 0 ? 6 : undefined)
  return {
    title: `part ${number} of ${id}, ${body.length} bytes`,
    run: async () => {
      const { ETag } = await s3.send(
        new UploadPartCommand({ Bucket: bucket, Key: key, UploadId: id, PartNumber: number, Body: body }),
      )
      return { ETag }
    },
    expect: () => {
      model.upload(key, id).parts.set(number, body)
      return { ETag: etagOf(body) }
    },
  }
}

function listParts({ s3, bucket, model }: Lab, key: string, id: string): Step {
  return {
    title: `parts of ${id}`,
    run: async () => {
      const { Parts = [] } = await s3.send(new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: id }))
      return { Parts: Parts.map(({ PartNumber, ETag, Size }) => ({ PartNumber, ETag, Size })) }
    },
    expect: () => ({
      Parts: [...model.upload(key, id).parts]
        .sort(([a], [b]) => a - b)
        .map(([PartNumber, body]) => ({ PartNumber, ETag: etagOf(body), Size: body.length })),
    }),
  }
}

function abort({ s3, bucket, model }: Lab, key: string, id: string): Step {
  return {
    title: `abort ${id} of ${key}`,
    run: async () => {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }))
      return {}
    },
    expect: () => {
      model.uploads.delete(model.upload(key, id).id)
      return {}
    },
  }
}

/** Completes with some of the parts, and now and then with one that is not there. */
function complete(lab: Lab, key: string, id: string): Step {
  const { s3, bucket, model, random } = lab
  const upload = model.upload(key, id)
  const numbers = [...upload.parts.keys()].sort((a, b) => a - b).filter(() => random.below(5) > 0)
  if (numbers.length === 0 || random.below(10) === 0) numbers.push(PART_NUMBER_MAX + 1)
  const conditions = conditionsOf(lab, key)
  const parts = numbers.map((number) => ({
    PartNumber: number,
    ETag: etagOf(upload.parts.get(number) ?? ''),
  }))
  return {
    title: `complete ${id} with ${numbers.join(', ')} ${JSON.stringify(conditions)}`,
    run: async () => {
      const response = await s3.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId: id,
          MultipartUpload: { Parts: parts },
          ...conditionHeaders(conditions),
        }),
      )
      return { ETag: response.ETag, VersionId: response.VersionId }
    },
    expect: (response) => {
      if (numbers.some((number) => !upload.parts.has(number))) throw new Refusal('InvalidPart')
      if (numbers.slice(0, -1).some((number) => (upload.parts.get(number)?.length ?? 0) < PART_BYTES_MIN))
        throw new Refusal('EntityTooSmall')
      model.checkWrite(key, conditions)
      const versionId = writtenId(lab, response)
      model.complete(upload, numbers, versionId)
      return { ETag: model.current(key)?.etag, VersionId: shownId(lab, versionId) }
    },
  }
}

/** What GetObjectAttributes tells of an object and its parts, page by page. */
function partsOfObject({ s3, bucket, model, random }: Lab, key: string): Step {
  const [MaxParts, marker] = [1 + random.below(3), random.below(3)]
  return {
    title: `attributes of ${key}, ${MaxParts} parts after ${marker}`,
    run: async () => {
      const { ObjectSize, ObjectParts } = await s3.send(
        new GetObjectAttributesCommand({
          Bucket: bucket,
          Key: key,
          ObjectAttributes: ['ObjectParts', 'ObjectSize'],
          MaxParts,
          PartNumberMarker: String(marker),
        }),
      )
      return {
        ObjectSize,
        total: ObjectParts?.TotalPartsCount,
        parts: ObjectParts?.Parts?.map(({ PartNumber, Size }) => ({ number: PartNumber, sizeBytes: Size })),
        isTruncated: ObjectParts?.IsTruncated,
      }
    },
    expect: () => {
      const { content, parts } = model.find(key)
      const following = parts?.filter(({ number }) => number > marker)
      return {
        ObjectSize: content.body.length,
        total: parts?.length,
        // XML has no empty list.
        parts: following?.length ? following.slice(0, MaxParts) : undefined,
        isTruncated: following && following.length > MaxParts,
      }
    },
  }
}
