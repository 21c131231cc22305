/**
 * Arguments that mark operations of S3 that are not offered here. A request with one of them is refused with NotImplemented: answering as
 * if it were not there would do something that nobody asked for. One that an operation of the table has is offered, whether it stands here
 * or not.
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

/**
 * Arguments that say what a request acts on. A write that does not have them refuses them with InvalidArgument: without them it would act
 * on something else. All other arguments that an operation does not have are passed over, as S3 does, and on reads all are: web pages put
 * their own behind the addresses of public objects.
 */
export const TARGET_ARGUMENTS: ReadonlySet<string> = new Set(['partNumber', 'versionId'])
