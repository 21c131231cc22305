import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { IsoDate, StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { integer, list, optional, string, structure } from '../shape.ts'
import { AnyAccessKeyId, KeyName } from './access-key-shapes.ts'

const Count = integer({ name: 'Count', min: 0, max: Number.MAX_SAFE_INTEGER })

const AccessKeyUse = structure(
  {
    accessKeyId: AnyAccessKeyId,
    day: string({ name: 'Day' }),
    address: StringValue,
    agent: StringValue,
    first: IsoDate,
    last: IsoDate,
    requests: Count,
    bytes: Count,
    receivedBytes: Count,
    sentBytes: Count,
    refusals: Count,
  },
  {
    name: 'AccessKeyUse',
    doc: 'What one user did with an access key on a day (UTC): the requests from an address by an agent whose signatures were right, those that were refused among them, and the bytes of their bodies. The address is "others" where a key had more than 1,000 users on the day: what the further ones did together.',
  },
)

/** Shows who used an access key. */
export const getAccessKeyUse = operation('GetAccessKeyUse', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Shows who used an access key of the account, by day, address and agent: the newest day first, and on each the last use first. Only requests whose signature was right count, so that nobody is listed who does not have the secret; those with a key that is Inactive or over count as refusals, which tells who still uses it. An application key is named by name, and any key, those of buckets, resources and the account among them, by accessKeyId, also when it is deleted.',
  input: structure(
    {
      name: optional(KeyName, {
        doc: 'The application key of this name; while it is being rotated, with what it was before.',
      }),
      accessKeyId: optional(AnyAccessKeyId, { doc: 'Instead of name: the id of a key of any kind.' }),
      since: optional(IsoDate, {
        doc: 'Users who were there at this time or later, with all of what they did on that day. As far back as is kept when absent.',
      }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'GetAccessKeyUseRequest' },
  ),
  output: structure(
    { uses: list(AccessKeyUse, { name: 'AccessKeyUseList' }), nextPageToken: StringValue },
    { name: 'GetAccessKeyUseResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'uses' },
})
