import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { CreateBucketCommand, S3Client, S3ServiceException, type S3ClientConfig } from '@aws-sdk/client-s3'
import { startServer, type TestAccount, type TestServer, type TestServerOptions } from './start-server.ts'

/** A server with two accounts and the official SDK's clients for them; there while the tests of the file run. */
export interface SdkWorld {
  readonly server: TestServer
  readonly owner: TestAccount
  /** Signs with the key of the account that makes the buckets. */
  readonly s3: S3Client
  readonly stranger: TestAccount
  readonly strangersS3: S3Client
  /** Makes a bucket of the owner's; `name` is its name. */
  readonly makeBucket: (name: string, isObjectLockEnabled?: boolean) => Promise<string>
}

/** Starts a world before the tests of the file and stops it after them. No test may make the server log an error. */
export function sdkWorld(
  options: TestServerOptions = {},
  clientOptions: (server: TestServer) => S3ClientConfig = () => ({}),
): () => SdkWorld {
  let world: SdkWorld | undefined
  before(async () => {
    const server = await startServer(options)
    const clientOf = ({ rootKey }: TestAccount) =>
      new S3Client({
        endpoint: server.url,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: rootKey,
        ...clientOptions(server),
      })
    const [owner, stranger] = [await server.createAccount('owner'), await server.createAccount('stranger')]
    const s3 = clientOf(owner)
    const makeBucket = async (name: string, isObjectLockEnabled = false) => {
      await s3.send(
        new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: isObjectLockEnabled }),
      )
      return name
    }
    world = { server, owner, s3, stranger, strangersS3: clientOf(stranger), makeBucket }
  })
  after(async () => {
    world?.s3.destroy()
    world?.strangersS3.destroy()
    await world?.server.stop()
    assert.deepEqual(world?.server.errors, [])
  })
  return () => {
    assert(world, 'the world is there once the tests run')
    return world
  }
}

/** For assert.rejects: the SDK's error with this code and, when given, status. */
export const failsWith = (name: string, status?: number) => (error: unknown) =>
  error instanceof S3ServiceException &&
  error.name === name &&
  (status === undefined || error.$metadata.httpStatusCode === status)
