/** COSI's gRPC API in version v1alpha1, as kubernetes-sigs/container-object-storage-interface published it up to v0.2.2. */
import { enumeration, field, listField, message } from './message.ts'
import type { Protocol } from './message.ts'

const SignatureVersion = enumeration('S3SignatureVersion', ['UnknownSignature', 'S3V2', 'S3V4'])

const AuthenticationType = enumeration('AuthenticationType', ['UnknownAuthenticationType', 'Key', 'IAM'])

const S3 = message('S3', { region: field(1, 'string'), signature_version: field(2, SignatureVersion) })

/** What else a bucket may be, Azure's and Google's, is left out: it is never answered, and stands in no request. */
const BucketInfo = message('Protocol', { s3: field(1, S3) })

const CredentialDetails = message('CredentialDetails', { secrets: field(1, 'map') })

/** Of the map from a protocol's name to its credentials, which on the wire is a list of such. */
const CredentialsEntry = message('CredentialsEntry', {
  key: field(1, 'string'),
  value: field(2, CredentialDetails),
})

/** The services of v1alpha1. */
export const v1alpha1 = {
  packageName: 'cosi.v1alpha1',
  services: {
    Identity: {
      DriverGetInfo: {
        request: message('DriverGetInfoRequest', {}),
        response: message('DriverGetInfoResponse', { name: field(1, 'string') }),
      },
    },
    Provisioner: {
      DriverCreateBucket: {
        request: message('DriverCreateBucketRequest', {
          name: field(1, 'string'),
          parameters: field(2, 'map'),
        }),
        response: message('DriverCreateBucketResponse', {
          bucket_id: field(1, 'string'),
          bucket_info: field(2, BucketInfo),
        }),
      },
      DriverDeleteBucket: {
        request: message('DriverDeleteBucketRequest', {
          bucket_id: field(1, 'string'),
          delete_context: field(2, 'map'),
        }),
        response: message('DriverDeleteBucketResponse', {}),
      },
      DriverGrantBucketAccess: {
        request: message('DriverGrantBucketAccessRequest', {
          bucket_id: field(1, 'string'),
          name: field(2, 'string'),
          authentication_type: field(3, AuthenticationType),
          parameters: field(4, 'map'),
        }),
        response: message('DriverGrantBucketAccessResponse', {
          account_id: field(1, 'string'),
          credentials: listField(2, CredentialsEntry),
        }),
      },
      DriverRevokeBucketAccess: {
        request: message('DriverRevokeBucketAccessRequest', {
          bucket_id: field(1, 'string'),
          account_id: field(2, 'string'),
          revoke_access_context: field(3, 'map'),
        }),
        response: message('DriverRevokeBucketAccessResponse', {}),
      },
    },
  },
} as const satisfies Protocol
