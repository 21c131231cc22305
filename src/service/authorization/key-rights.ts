import { S3_ACTIONS, type S3Action } from '../../model/s3/action.ts'
import type { KeyRight } from '../../model/lugsail/access-key-shapes.ts'

/** What every application key of rights may do with its buckets, whatever they are: clients ask it before they do anything else, and it tells no object. */
const EVERY_KEYS: readonly S3Action[] = ['s3:GetBucketObjectLockConfiguration', 's3:GetBucketVersioning']

const READ: readonly S3Action[] = [
  's3:GetObject',
  's3:GetObjectAcl',
  's3:GetObjectAttributes',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionAcl',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
]

const LIST: readonly S3Action[] = ['s3:ListBucket', 's3:ListBucketVersions']

const WRITE: readonly S3Action[] = [
  's3:AbortMultipartUpload',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersionTagging',
  's3:ListBucketMultipartUploads',
  's3:ListMultipartUploadParts',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectTagging',
  's3:PutObjectVersionAcl',
  's3:PutObjectVersionTagging',
  's3:RestoreObject',
]

const DELETE: readonly S3Action[] = ['s3:DeleteObject', 's3:DeleteObjectVersion']

const ACTIONS: Readonly<Record<KeyRight, readonly S3Action[]>> = {
  read: READ,
  write: WRITE,
  list: LIST,
  delete: DELETE,
  'read-write': [...READ, ...WRITE, ...LIST, ...DELETE],
  // What of it takes the account's own key is decided apart, as for a bucket's key.
  full: S3_ACTIONS,
}

/** Keys with the same rights have the same set. */
const sets = new Map<string, ReadonlySet<S3Action>>()

/** The actions that an application key's rights allow, in what the key is for. */
export function actionsOfRights(rights: readonly KeyRight[]): ReadonlySet<S3Action> {
  const name = rights.toSorted().join()
  let actions = sets.get(name)
  if (!actions)
    sets.set(name, (actions = new Set([...EVERY_KEYS, ...rights.flatMap((right) => ACTIONS[right])])))
  return actions
}
