import { recordCodec } from './codec.ts'

/** The types of operation record that bucket operations leave. */
export type BucketOperationType =
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'CreateBucketAccessKey'
  | 'DeleteBucketAccessKey'
  | 'UpdateBucketBundle'
  | 'UpdateBucket'
  | 'SetResourceAccessForBucket'

/** What a control-plane request did. Every change is done when it is answered, so each record is born `Succeeded` and never changes. */
export interface OperationRecord {
  /** A UUID. */
  readonly id: string
  readonly accountId: string
  readonly region: string
  readonly resourceName: string
  readonly resourceType: 'Bucket'
  readonly createdAt: number
  readonly operationType: BucketOperationType
  /** Short free text: what else the operation touched. */
  readonly operationDetails: string
}

/** The stored form of an operation record. */
export const operationCodec = recordCodec<OperationRecord>('operation', 1)
