/** What comes behind `REST.<METHOD>.` in an access log, by operation. Those with their own method word name it whole. */
const RESOURCES: Readonly<Record<string, string>> = {
  AbortMultipartUpload: 'UPLOAD',
  CompleteMultipartUpload: 'UPLOAD',
  CopyObject: 'REST.COPY.OBJECT',
  CreateBucket: 'BUCKET',
  CreateMultipartUpload: 'UPLOADS',
  DeleteBucket: 'BUCKET',
  DeleteObject: 'OBJECT',
  DeleteObjects: 'MULTI_OBJECT_DELETE',
  GetObject: 'OBJECT',
  HeadBucket: 'BUCKET',
  HeadObject: 'OBJECT',
  ListMultipartUploads: 'UPLOADS',
  ListObjectVersions: 'BUCKETVERSIONS',
  ListObjects: 'BUCKET',
  ListObjectsV2: 'BUCKET',
  ListParts: 'UPLOAD',
  PostObject: 'OBJECT',
  PutObject: 'OBJECT',
  UploadPart: 'PART',
  UploadPartCopy: 'REST.COPY.PART',
}

/** The resources that a query argument names. */
const RESOURCES_BY_ARGUMENT: readonly (readonly [string, string])[] = [
  ['acl', 'ACL'],
  ['attributes', 'OBJECT_ATTRIBUTES'],
  ['cors', 'CORS'],
  ['encryption', 'ENCRYPTION'],
  ['legal-hold', 'LEGAL_HOLD'],
  ['lifecycle', 'LIFECYCLE'],
  ['location', 'LOCATION'],
  ['logging', 'LOGGING_STATUS'],
  ['object-lock', 'OBJECT_LOCK_CONFIGURATION'],
  ['ownershipControls', 'OWNERSHIP_CONTROLS'],
  ['policy', 'BUCKETPOLICY'],
  ['policyStatus', 'POLICY_STATUS'],
  ['publicAccessBlock', 'PUBLIC_ACCESS_BLOCK'],
  ['retention', 'RETENTION'],
  ['tagging', 'TAGGING'],
  ['versioning', 'VERSIONING'],
]

interface LoggedRequest {
  readonly method: string
  /** As it came: path and query. */
  readonly url: string
  /** The operation's name; undefined when the request was refused before it was known. */
  readonly operation: string | undefined
  readonly hasObjectKey: boolean
}

/** A request's operation as S3's access logs name it: `REST.GET.OBJECT`, `REST.PUT.VERSIONING`, `REST.COPY.PART`. */
export function loggedOperation({ method, url, operation, hasObjectKey }: LoggedRequest): string {
  const known = operation === undefined ? undefined : RESOURCES[operation]
  if (known?.startsWith('REST.') === true) return known
  // The parser of HTTP lets through only methods that it knows, so that this is no text of the client's choice.
  if (method === 'OPTIONS') return 'REST.OPTIONS.PREFLIGHT'
  return `REST.${method}.${known ?? resourceOf(url, hasObjectKey)}`
}

function resourceOf(url: string, hasObjectKey: boolean): string {
  const queryAt = url.indexOf('?')
  const names =
    queryAt < 0
      ? []
      : url
          .slice(queryAt + 1)
          .split('&')
          .map(nameOf)
  const found = RESOURCES_BY_ARGUMENT.find(([argument]) => names.includes(argument))?.[1]
  if (found === 'TAGGING' && hasObjectKey) return 'OBJECT_TAGGING'
  return found ?? (hasObjectKey ? 'OBJECT' : 'BUCKET')
}

const nameOf = (argument: string): string => argument.split('=', 1)[0] ?? ''
