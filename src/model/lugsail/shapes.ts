import { IAMAccessKeyId } from '../lightsail/shapes/access-key.ts'
import { IsoDate, NonEmptyString, StringValue } from '../lightsail/shapes/primitives.ts'
import { RegionName } from '../lightsail/shapes/operation-record.ts'
import { list, string, structure } from '../shape.ts'
import { ACCOUNT_NAME, RESOURCE_NAME, RESOURCE_NAME_LENGTH_MAX } from './name-forms.ts'

/** What an account is called: also its id where an operation asks for one. */
export const AccountName = string({
  name: 'AccountName',
  doc: 'The name of an account, or its id of 12 digits.',
  lengthMin: 1,
  lengthMax: 64,
  pattern: ACCOUNT_NAME,
})

/** What a resource is called, one in its account and region. */
export const AccountResourceName = string({
  name: 'AccountResourceName',
  doc: 'The name of a resource: 2 to 255 letters, digits, underscores and hyphens, with no hyphen at either end.',
  lengthMin: 2,
  lengthMax: RESOURCE_NAME_LENGTH_MAX,
  pattern: RESOURCE_NAME,
})

/** A root key that stops at a time that is set. */
const RetiringKey = structure(
  { accessKeyId: IAMAccessKeyId, until: IsoDate },
  { name: 'RetiringKey', doc: 'The root key before a rotation, while it still counts, and until when.' },
)

/** An account: the owner of buckets. */
export const Account = structure(
  {
    accountId: string({ name: 'AccountId', doc: 'Twelve digits.' }),
    accountName: AccountName,
    canonicalUserId: string({ name: 'CanonicalUserId', doc: 'The id that S3 shows of the account.' }),
    createdAt: IsoDate,
    accessKeyId: IAMAccessKeyId,
    retiringKey: RetiringKey,
  },
  { name: 'Account', doc: 'An account, which owns buckets and has a root key.' },
)

/** Accounts in the order of their ids. */
export const AccountList = list(Account, { name: 'AccountList' })

/** An access key with its secret. */
export const NewAccessKey = structure(
  { accessKeyId: IAMAccessKeyId, secretAccessKey: NonEmptyString },
  { name: 'NewAccessKey', doc: 'An access key with its secret, which is shown in this response alone.' },
)

/** A machine that buckets can be opened to. */
export const AccountResource = structure(
  {
    resourceName: AccountResourceName,
    accountId: StringValue,
    region: RegionName,
    resourceType: StringValue,
    createdAt: IsoDate,
    accessKeyId: IAMAccessKeyId,
  },
  { name: 'AccountResource', doc: 'A machine with an access key of its own that buckets can be opened to.' },
)

/** Resources by name. */
export const AccountResourceList = list(AccountResource, { name: 'AccountResourceList' })
