import { enumeration, list, string, structure } from '../../shape.ts'
import { IsoDate, NonEmptyString, StringValue } from './primitives.ts'

/** The public half of an access key: 20 capitals and digits. */
export const IAMAccessKeyId = string({
  name: 'IAMAccessKeyId',
  lengthMin: 20,
  lengthMax: 20,
  pattern: /^[A-Z0-9]{20}$/,
  isSensitive: true,
})

/** Whether a key opens its bucket. Nothing of Lightsail's API makes it Inactive; Lugsail's own UpdateAccessKey does. */
export const StatusType = enumeration(['Active', 'Inactive'], { name: 'StatusType' })

/** When a key was last used, in which region and for which service. */
export const AccessKeyLastUsed = structure(
  { lastUsedDate: IsoDate, region: StringValue, serviceName: StringValue },
  {
    name: 'AccessKeyLastUsed',
    doc: 'The last use of the key; N/A and no date while it has never been used.',
  },
)

/** A key that opens one bucket for S3 clients. */
export const AccessKey = structure(
  {
    accessKeyId: IAMAccessKeyId,
    secretAccessKey: NonEmptyString,
    status: StatusType,
    createdAt: IsoDate,
    lastUsed: AccessKeyLastUsed,
  },
  { name: 'AccessKey', doc: 'An access key. The secret is there only when the key is made.' },
)

/** The keys of a bucket; at most two. */
export const AccessKeyList = list(AccessKey, { name: 'AccessKeyList' })
