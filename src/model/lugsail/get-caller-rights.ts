import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { BooleanValue, StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { enumeration, required, structure } from '../shape.ts'
import { keyBounds } from './access-key-shapes.ts'

/** Whose key it is that signs a request: the account's own, a bucket's, an application's, one of a role that was taken, or a resource's. */
const CALLER_TYPES = ['account', 'bucket-key', 'application-key', 'role', 'resource'] as const

/** Tells what whoever signs a request may do. */
export const getCallerRights = operation('GetCallerRights', {
  api: 'lugsail',
  isOpenToAccounts: true,
  isOpenToKeys: true,
  doc: 'Tells whose access key signed the request, and what bounds it has. An account may do everything in it, a bucket key everything with the objects of its bucket; of an application key and of a role the bounds are told, as they were given.',
  input: structure({}, { name: 'GetCallerRightsRequest' }),
  output: structure(
    {
      accountId: required(StringValue),
      callerType: required(enumeration(CALLER_TYPES, { name: 'CallerType' })),
      arn: required(StringValue, { doc: 'As GetCallerIdentity of STS tells it.' }),
      name: StringValue,
      isFirstAccount: required(BooleanValue, {
        doc: 'Whether it is the account that looks after the others.',
      }),
      ...keyBounds,
    },
    {
      name: 'GetCallerRightsResult',
      doc: 'Who calls. The name is that of the bucket, the application key, the role or the resource; the bounds are absent where there are none.',
    },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
