import { ServiceFault } from '../../client/errors.ts'
import type { TypedClient } from '../../client/typed/typed-client.ts'
import { createBucket } from '../../model/lightsail/create-bucket.ts'
import { deleteBucket } from '../../model/lightsail/delete-bucket.ts'
import { getBuckets } from '../../model/lightsail/get-buckets.ts'
import { deleteAccessKey } from '../../model/lugsail/delete-access-key.ts'
import { getAccessKeys } from '../../model/lugsail/get-access-keys.ts'
import { importAccessKey } from '../../model/lugsail/import-access-key.ts'
import { updateAccessKey } from '../../model/lugsail/update-access-key.ts'

/** The operations that the driver calls. */
export const driverOperations = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  GetBuckets: getBuckets,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeys: getAccessKeys,
  ImportAccessKey: importAccessKey,
  UpdateAccessKey: updateAccessKey,
} as const

/** The methods of those. */
export type DriverClient = TypedClient<typeof driverOperations>

/** The server that the driver works on, as it is found at each call: credentials may have changed in between. */
export interface StorageServer {
  /** The region of buckets that name none. */
  readonly region: string
  /** Where applications find S3. */
  readonly s3Endpoint: string
  /** What secrets are derived from, the one of new keys first. */
  readonly seeds: readonly [string, ...string[]]
  clientFor(region: string): Promise<DriverClient>
}

/** What `act` gives, or undefined where the server says that there is no such thing. */
export async function unlessNotFound<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act
  } catch (error) {
    if (error instanceof ServiceFault && error.code === 'NotFoundException') return undefined
    throw error
  }
}

/** Whether an error is the server's refusal of an input. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ServiceFault && error.code === 'InvalidInputException'
