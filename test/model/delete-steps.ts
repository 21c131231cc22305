import { DeleteObjectCommand, DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { KEYS, someVersion, type Lab, type Step } from './lab.ts'

export function deleteStep(lab: Lab, key: string): Step {
  const { s3, bucket } = lab
  const versionId = someVersion(lab, key)
  return {
    title: `delete ${key} ${versionId ?? ''}`,
    run: async () => {
      const response = await s3.send(
        new DeleteObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
        }),
      )
      return { VersionId: response.VersionId, DeleteMarker: response.DeleteMarker }
    },
    expect: (response) => deleted(lab, { key, versionId }, response?.['VersionId']),
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

export function deleteManyStep(lab: Lab): Step {
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
    expect: (response) => {
      const newestIds = (response?.['newestIds'] ?? []) as readonly (string | undefined)[]
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
  const response = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }))
  const rows = [...(response.Versions ?? []), ...(response.DeleteMarkers ?? [])]
  return rows.find((row) => row.Key === key && row.IsLatest === true)?.VersionId
}
