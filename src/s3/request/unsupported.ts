/**
 * Arguments that mark operations of S3 that are not offered here. A request with one of them is refused with NotImplemented: answering as
 * if it were not there would do something that nobody asked for.
 */
export const UNSUPPORTED_MARKERS: ReadonlySet<string> = new Set([
  'abac',
  'accelerate',
  'analytics',
  'annotation',
  'intelligent-tiering',
  'inventory',
  'metadataAnnotationTable',
  'metadataConfiguration',
  'metadataInventoryTable',
  'metadataJournalTable',
  'metadataTable',
  'metrics',
  'notification',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'select',
  'session',
  'torrent',
  'website',
])

/** Arguments of operations that are described elsewhere; those that an operation's own table knows are taken out of here. */
export const KNOWN_MARKERS: ReadonlySet<string> = new Set([
  ...UNSUPPORTED_MARKERS,
  'acl',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'retention',
  'tagging',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
])

/**
 * Headers of features of S3 that are not offered here, in lower case. A request with one of them is refused with NotImplemented, except by
 * an operation that describes the header. What S3 itself does not know is passed over, as S3 does.
 */
export const UNSUPPORTED_HEADERS: ReadonlySet<string> = new Set([
  'x-amz-bucket-namespace',
  'x-amz-checksum-md5',
  'x-amz-checksum-sha512',
  'x-amz-checksum-xxhash128',
  'x-amz-checksum-xxhash3',
  'x-amz-checksum-xxhash64',
  'x-amz-mfa',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-request-payer',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-server-side-encryption-context',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
])
