import { DomainError } from '../errors/domain-error.ts'

/** Which buckets of an account are to be shown, and what of them. */
interface BucketSelection {
  /** Absent: all, a page at a time. */
  readonly bucketName?: string | undefined
  readonly pageToken?: string | undefined
  readonly includesCors: boolean
}

/** Holds against each other what is wanted. Throws `InvalidBucketSelection` for the CORS rules of all buckets, and for a page of one. */
export function checkBucketSelection({ bucketName, pageToken = '', includesCors }: BucketSelection): void {
  if (bucketName === undefined && includesCors)
    throw new DomainError('InvalidBucketSelection', { problem: 'cors-of-all' })
  if (bucketName !== undefined && pageToken !== '')
    throw new DomainError('InvalidBucketSelection', { problem: 'page-of-one' })
}
