/** COSI's gRPC API in version v1alpha2, as kubernetes-sigs/container-object-storage-interface has it on its main branch since 2025. */
import { enumeration, field, listField, message } from './message.ts'
import type { Protocol } from './message.ts'

const ProtocolType = enumeration('ProtocolType', ['UNKNOWN', 'S3', 'AZURE', 'GCS'])
const AddressingStyle = enumeration('AddressingStyle', ['UNKNOWN', 'PATH', 'VIRTUAL'])
const AuthenticationKind = enumeration('AuthenticationKind', ['UNKNOWN', 'KEY', 'SERVICE_ACCOUNT'])
const Mode = enumeration('Mode', ['UNKNOWN', 'READ_WRITE', 'READ_ONLY', 'WRITE_ONLY'])

const ObjectProtocol = message('ObjectProtocol', { type: field(1, ProtocolType) })
const AuthenticationType = message('AuthenticationType', { type: field(1, AuthenticationKind) })
const AccessMode = message('AccessMode', { mode: field(1, Mode) })

const S3BucketInfo = message('S3BucketInfo', {
  bucket_id: field(1, 'string'),
  endpoint: field(2, 'string'),
  region: field(3, 'string'),
  addressing_style: field(4, message('S3AddressingStyle', { style: field(1, AddressingStyle) })),
})

/** What else a bucket may be, Azure's and Google's, is left out here and in the credentials: it is never answered. */
const BucketInfo = message('ObjectProtocolAndBucketInfo', { s3: field(1, S3BucketInfo) })

const CredentialInfo = message('CredentialInfo', {
  s3: field(
    1,
    message('S3CredentialInfo', { access_key_id: field(1, 'string'), access_secret_key: field(2, 'string') }),
  ),
})

const foundBucket = { bucket_id: field(1, 'string'), protocols: field(2, BucketInfo) }

/** The services of v1alpha2. */
export const v1alpha2 = {
  packageName: 'sigs.k8s.io.cosi.v1alpha2',
  services: {
    Identity: {
      DriverGetInfo: {
        request: message('DriverGetInfoRequest', {}),
        response: message('DriverGetInfoResponse', {
          name: field(1, 'string'),
          supported_protocols: listField(2, ObjectProtocol),
        }),
      },
    },
    Provisioner: {
      DriverCreateBucket: {
        request: message('DriverCreateBucketRequest', {
          name: field(1, 'string'),
          protocols: listField(2, ObjectProtocol),
          parameters: field(4, 'map'),
        }),
        response: message('DriverCreateBucketResponse', foundBucket),
      },
      DriverGetExistingBucket: {
        request: message('DriverGetExistingBucketRequest', {
          existing_bucket_id: field(1, 'string'),
          protocols: listField(2, ObjectProtocol),
          parameters: field(4, 'map'),
        }),
        response: message('DriverGetExistingBucketResponse', foundBucket),
      },
      DriverDeleteBucket: {
        request: message('DriverDeleteBucketRequest', {
          bucket_id: field(1, 'string'),
          parameters: field(4, 'map'),
        }),
        response: message('DriverDeleteBucketResponse', {}),
      },
      DriverGrantBucketAccess: {
        request: message('DriverGrantBucketAccessRequest', {
          account_name: field(1, 'string'),
          protocol: field(2, ObjectProtocol),
          authentication_type: field(3, AuthenticationType),
          service_account_name: field(4, 'string'),
          parameters: field(5, 'map'),
          buckets: listField(
            6,
            message('GrantedBucket', { bucket_id: field(1, 'string'), access_mode: field(2, AccessMode) }),
          ),
        }),
        response: message('DriverGrantBucketAccessResponse', {
          account_id: field(1, 'string'),
          buckets: listField(
            2,
            message('GrantedBucketInfo', {
              bucket_id: field(1, 'string'),
              bucket_info: field(2, BucketInfo),
            }),
          ),
          credentials: field(3, CredentialInfo),
        }),
      },
      DriverRevokeBucketAccess: {
        request: message('DriverRevokeBucketAccessRequest', {
          account_id: field(1, 'string'),
          protocol: field(2, ObjectProtocol),
          authentication_type: field(3, AuthenticationType),
          service_account_name: field(4, 'string'),
          parameters: field(5, 'map'),
          buckets: listField(6, message('RevokedBucket', { bucket_id: field(1, 'string') })),
        }),
        response: message('DriverRevokeBucketAccessResponse', {}),
      },
    },
  },
} as const satisfies Protocol
