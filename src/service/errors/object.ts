import type { NoFields } from './no-fields.ts'

/** What a request wants to hold of an object, or of the time since when. */
export type ConditionName =
  | 'ifMatch'
  | 'ifNoneMatch'
  | 'ifModifiedSince'
  | 'ifUnmodifiedSince'
  | 'ifMatchLastModified'
  | 'ifMatchSize'

/** Of objects and their versions. */
export interface ObjectErrors {
  NoSuchKey: { readonly objectKey: string }
  NoSuchVersion: { readonly objectKey: string; readonly versionId: string }
  InvalidVersionId: { readonly versionId: string }
  /** What was asked for is a delete marker. `isNamed`: by its version id, or as what is on top where that is meant. `lastModified`: epoch milliseconds. */
  VersionIsDeleteMarker: {
    readonly objectKey: string
    readonly versionId: string
    readonly lastModified: number
    readonly isNamed: boolean
  }
  /** `condition`: null for one that no request makes. `isOfSource`: of what a copy reads, not of what the request is about. */
  PreconditionFailed: { readonly condition: ConditionName | null; readonly isOfSource?: boolean }
  /** A write that wants something to be there, and something not to be. */
  TwoWriteConditions: NoFields
  /** What is stored of it is not what was put, and cannot be read. */
  DamagedObject: NoFields
  NoSuchPart: { readonly partNumber: number }
  EmptyObjectKey: NoFields
  ObjectKeyTooLong: { readonly sizeBytes: number; readonly sizeBytesMax: number }
  TooManyZeroBytes: { readonly countMax: number }
  BodyTooLarge: { readonly sizeBytes: number; readonly sizeBytesMax: number }
  /** `sizeBytes`: of names and values together. */
  MetadataTooLarge: { readonly sizeBytes: number; readonly sizeBytesMax: number }
  /** Where a website's visitors are to be sent: neither a web address nor a path, or too long. */
  InvalidRedirectLocation: { readonly problem: 'form' | 'length'; readonly lengthMax: number }
  InvalidStorageClass: { readonly storageClass: string }
  CopySourceTooLarge: { readonly sizeBytesMax: number }
  CopySourceIsDeleteMarker: NoFields
  /** A copy onto itself that changes nothing. */
  CopyOntoItself: NoFields
  InvalidBatchSize: { readonly count: number; readonly countMax: number }
}
