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

/** Headers that any request may carry: of signatures, of tracing in SDKs, of framing. All `x-amz-*`, in lower case. */
export const COMMON_HEADERS: ReadonlySet<string> = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-expected-bucket-owner',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-source-expected-bucket-owner',
  'x-amz-te',
  'x-amz-trailer',
  'x-amz-user-agent',
])
