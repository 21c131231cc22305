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
 * Arguments that say what a request acts on. An operation that does not have them refuses them with InvalidArgument: without them it would
 * act on something else. All other arguments that an operation does not have are passed over, as S3 does: web pages put their own behind
 * the addresses of public objects.
 */
export const TARGET_ARGUMENTS: ReadonlySet<string> = new Set(['partNumber', 'versionId'])

/**
 * Headers to which S3 gives a meaning in some operation, in lower case. Each operation's model describes those that it has here; any other
 * of these is refused with NotImplemented, so that nothing is asked for in vain. What S3 itself does not know is passed over, as S3 does,
 * and so are `x-amz-expected-bucket-owner`, which is looked at in every request, `x-amz-sdk-checksum-algorithm`, which announces one
 * of these headers, `x-amz-request-payer`, a consent to costs that no bucket here has, and, where nothing is copied, the directives about
 * what of a source is copied, which s3fs sends with each object.
 */
const S3_HEADERS: ReadonlySet<string> = new Set([
  'x-amz-acl',
  'x-amz-bucket-namespace',
  'x-amz-bucket-object-lock-enabled',
  'x-amz-bucket-object-lock-token',
  'x-amz-bypass-governance-retention',
  'x-amz-checksum-algorithm',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-md5',
  'x-amz-checksum-mode',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
  'x-amz-checksum-sha512',
  'x-amz-checksum-type',
  'x-amz-checksum-xxhash128',
  'x-amz-checksum-xxhash3',
  'x-amz-checksum-xxhash64',
  'x-amz-client-token',
  'x-amz-confirm-remove-self-bucket-access',
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-unmodified-since',
  'x-amz-copy-source-range',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
  'x-amz-copy-source-server-side-encryption-customer-key',
  'x-amz-copy-source-server-side-encryption-customer-key-md5',
  'x-amz-create-session-mode',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-if-match-initiated-time',
  'x-amz-if-match-last-modified-time',
  'x-amz-if-match-size',
  'x-amz-max-parts',
  'x-amz-mfa',
  'x-amz-mp-object-size',
  'x-amz-object-annotation-directive',
  'x-amz-object-attributes',
  'x-amz-object-if-match',
  'x-amz-object-lock-event-hold',
  'x-amz-object-lock-event-hold-duration-days',
  'x-amz-object-lock-event-hold-duration-years',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-ownership',
  'x-amz-optional-object-attributes',
  'x-amz-part-number-marker',
  'x-amz-rename-source',
  'x-amz-rename-source-if-match',
  'x-amz-rename-source-if-modified-since',
  'x-amz-rename-source-if-none-match',
  'x-amz-rename-source-if-unmodified-since',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-server-side-encryption-context',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-customer-key',
  'x-amz-server-side-encryption-customer-key-md5',
  'x-amz-skip-destination-validation',
  'x-amz-source-expected-bucket-owner',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-transition-default-minimum-object-size',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
])

/** Conditions and partial bodies of HTTP: a write that passed them over would write what it was told not to. */
const WRITE_HEADERS: ReadonlySet<string> = new Set([
  'content-range',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
])

/** Whether a request with this header is refused where its operation does not describe it. */
export function isRefusedHeader(name: string, isWrite: boolean): boolean {
  return name.startsWith('x-amz-') ? S3_HEADERS.has(name) : isWrite && WRITE_HEADERS.has(name)
}
