import { GetObjectAclCommand, ListObjectsCommand, S3ServiceException } from '@aws-sdk/client-s3'
import type { GetObjectAclCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { percentDecodeQuery } from '../../../base/percent-encoding.ts'

/** Whether an ACL is about others than the owner. MinIO, which has no ACLs, answers each question with one of a user without a name. */
export const letsOthersIn = ({
  Grants = [],
  Owner,
}: Pick<GetObjectAclCommandOutput, 'Grants' | 'Owner'>): boolean =>
  Grants.some(
    ({ Grantee: { URI, ID, EmailAddress } = {} }) =>
      [URI, EmailAddress].some(isSaid) || (isSaid(ID) && ID !== Owner?.ID),
  )

const isSaid = (text: string | undefined): boolean => text !== undefined && text !== ''

/** So many objects of a bucket are asked for their ACL: enough to find a habit, and no request for each of millions. */
const ASKED = 20

/** The first of some objects of a bucket whose own ACL lets others in than their owner; undefined: none does, or this key may not know. */
export async function findOpenObject(client: S3Client, bucketName: string): Promise<string | undefined> {
  const { Contents = [] } = await client.send(
    new ListObjectsCommand({ Bucket: bucketName, MaxKeys: ASKED, EncodingType: 'url' }),
  )
  for (const { Key: encoded = '' } of Contents) {
    const Key = percentDecodeQuery(encoded)
    if (Key !== null && (await isOpen(client, { Bucket: bucketName, Key }))) return Key
  }
  return undefined
}

async function isOpen(
  client: S3Client,
  place: { readonly Bucket: string; readonly Key: string },
): Promise<boolean> {
  try {
    return letsOthersIn(await client.send(new GetObjectAclCommand(place)))
  } catch (error) {
    // Gone meanwhile, or not to be seen.
    if (error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0))
      return false
    throw error
  }
}
