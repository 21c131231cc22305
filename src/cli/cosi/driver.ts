import { grantAccess, revokeAccess, rightsOf, type AccessMode } from './accesses.ts'
import { createBucket, deleteBucket, findExisting, type FoundBucket } from './buckets.ts'
import type { Log } from './log.ts'
import type { Handlers, Read, Written } from './message.ts'
import { readAccessParameters } from './parameters.ts'
import { StatusError } from './status.ts'
import type { StorageServer } from './storage-server.ts'
import { Turns } from './turns.ts'
import type { v1alpha1 } from './v1alpha1.ts'
import type { v1alpha2 } from './v1alpha2.ts'

/** What the driver works with. */
export interface DriverOptions {
  /** What Kubernetes' classes name it by. */
  readonly driverName: string
  /** Finds the server, and what it is called with, for one call. */
  readonly findServer: () => Promise<StorageServer>
  readonly log: Log
}

/** Answers the calls of one version of the protocol. */
type Services<P extends typeof v1alpha1 | typeof v1alpha2> = {
  readonly [Name in 'Identity' | 'Provisioner']: Handlers<P['services'][Name]>
}

/** What may be given where a version has no access modes: the class alone decides. */
const RIGHTS_DEFAULT = ['read-write'] as const

/** The driver in both versions of the protocol; what is about one bucket or access runs one after the other, whichever version asks. */
export function createDriver({ driverName, findServer, log }: DriverOptions): {
  readonly v1alpha1: Services<typeof v1alpha1>
  readonly v1alpha2: Services<typeof v1alpha2>
} {
  const turns = new Turns()
  const onBucket = <T>(name: string, act: (server: StorageServer) => Promise<T>): Promise<T> =>
    turns.take(`bucket ${name}`, async () => await act(await findServer()))
  const onAccess = <T>(name: string, act: (server: StorageServer) => Promise<T>): Promise<T> =>
    turns.take(`access ${name}`, async () => await act(await findServer()))
  return {
    v1alpha1: {
      Identity: { DriverGetInfo: async () => ({ name: driverName }) },
      Provisioner: {
        DriverCreateBucket: async ({ name, parameters }) => {
          const { bucketId, region } = await onBucket(name, (server) =>
            createBucket(server, log, name, parameters),
          )
          return { bucket_id: bucketId, bucket_info: { s3: { region, signature_version: 'S3V4' } } }
        },
        DriverDeleteBucket: async ({ bucket_id }) => {
          await onBucket(bucket_id, (server) => deleteBucket(server, log, bucket_id))
          return {}
        },
        DriverGrantBucketAccess: async ({ bucket_id, name, authentication_type, parameters }) => {
          requireKeys(authentication_type, 'Key')
          const { rights = RIGHTS_DEFAULT } = readAccessParameters(parameters)
          const { accountId, key, buckets } = await onAccess(name, (server) =>
            grantAccess(server, log, { name, bucketIds: [bucket_id], parameters, rights }),
          )
          const [{ endpoint, region } = { endpoint: '', region: '' }] = buckets
          const secrets = {
            accessKeyID: key.accessKeyId,
            accessSecretKey: key.secretAccessKey,
            endpoint,
            region,
          }
          return { account_id: accountId, credentials: [{ key: 's3', value: { secrets } }] }
        },
        DriverRevokeBucketAccess: async ({ bucket_id, account_id }) => {
          await onAccess(account_id, (server) => revokeAccess(server, log, account_id, [bucket_id]))
          return {}
        },
      },
    },
    v1alpha2: {
      Identity: {
        DriverGetInfo: async () => ({ name: driverName, supported_protocols: [{ type: 'S3' }] }),
      },
      Provisioner: {
        DriverCreateBucket: async ({ name, protocols, parameters }) => {
          protocols.forEach(requireS3)
          return presentBucket(await onBucket(name, (server) => createBucket(server, log, name, parameters)))
        },
        DriverGetExistingBucket: async ({ existing_bucket_id, protocols, parameters }) => {
          protocols.forEach(requireS3)
          return presentBucket(
            await onBucket(existing_bucket_id, (server) =>
              findExisting(server, log, existing_bucket_id, parameters),
            ),
          )
        },
        DriverDeleteBucket: async ({ bucket_id }) => {
          await onBucket(bucket_id, (server) => deleteBucket(server, log, bucket_id))
          return {}
        },
        DriverGrantBucketAccess: async (request) => {
          const { account_name: name, protocol, authentication_type, parameters, buckets } = request
          requireS3(protocol)
          requireKeys(authentication_type?.type ?? 'UNKNOWN', 'KEY')
          const rights = rightsOf(modeOf(buckets), parameters)
          const bucketIds = buckets.map(({ bucket_id }) => bucket_id)
          const granted = await onAccess(name, (server) =>
            grantAccess(server, log, { name, bucketIds, parameters, rights }),
          )
          const { accessKeyId, secretAccessKey } = granted.key
          return {
            account_id: granted.accountId,
            buckets: granted.buckets.map((bucket) => ({
              bucket_id: bucket.bucketId,
              bucket_info: presentInfo(bucket),
            })),
            credentials: { s3: { access_key_id: accessKeyId, access_secret_key: secretAccessKey } },
          }
        },
        DriverRevokeBucketAccess: async ({ account_id, buckets }) => {
          const bucketIds = buckets.map(({ bucket_id }) => bucket_id)
          await onAccess(account_id, (server) => revokeAccess(server, log, account_id, bucketIds))
          return {}
        },
      },
    },
  }
}

type V2 = (typeof v1alpha2)['services']['Provisioner']

const presentInfo = ({ bucketName, endpoint, region }: FoundBucket) =>
  ({
    s3: { bucket_id: bucketName, endpoint, region, addressing_style: { style: 'PATH' } },
  }) as const satisfies Written<V2['DriverCreateBucket']['response']>['protocols']

const presentBucket = (bucket: FoundBucket): Written<V2['DriverCreateBucket']['response']> => ({
  bucket_id: bucket.bucketId,
  protocols: presentInfo(bucket),
})

function requireKeys(asked: string | number, known: 'Key' | 'KEY'): void {
  if (asked === known) return
  throw new StatusError(
    'INVALID_ARGUMENT',
    `authentication_type: expected ${known}; got ${asked}. Lugsail gives access keys, and knows no service accounts of Kubernetes`,
  )
}

function requireS3(protocol: Read<V2['DriverCreateBucket']['request']>['protocols'][number] | null): void {
  const type = protocol?.type ?? 'UNKNOWN'
  if (type !== 'S3') throw new StatusError('INVALID_ARGUMENT', `protocol: expected S3; got ${type}`)
}

/** The one mode of all buckets of an access. A key has its rights in all of its buckets alike. */
function modeOf(buckets: Read<V2['DriverGrantBucketAccess']['request']>['buckets']): AccessMode {
  if (buckets.length === 0) throw new StatusError('INVALID_ARGUMENT', 'buckets: expected at least one')
  const modes = [...new Set(buckets.map(({ access_mode }) => access_mode?.mode ?? 'UNKNOWN'))]
  const [mode = 'UNKNOWN', ...others] = modes
  if (others.length > 0)
    throw new StatusError(
      'INVALID_ARGUMENT',
      `access_mode: expected one for all buckets of an access; got ${modes.join(', ')}. Ask for an access for each mode`,
    )
  if (mode === 'READ_WRITE' || mode === 'READ_ONLY' || mode === 'WRITE_ONLY') return mode
  throw new StatusError(
    'INVALID_ARGUMENT',
    `access_mode: expected READ_WRITE, READ_ONLY or WRITE_ONLY; got ${mode}`,
  )
}
