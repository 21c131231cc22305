import { enumeration, list, string, structure } from '../../shape.ts'
import { IsoDate, NonEmptyString, StringValue } from './primitives.ts'

export const IAMAccessKeyId = string({
  name: 'IAMAccessKeyId',
  lengthMin: 20,
  lengthMax: 20,
  pattern: /^[A-Z0-9]{20}$/,
  isSensitive: true,
})

export const StatusType = enumeration(['Active', 'Inactive'], { name: 'StatusType' })

export const AccessKeyLastUsed = structure(
  { lastUsedDate: IsoDate, region: StringValue, serviceName: StringValue },
  {
    name: 'AccessKeyLastUsed',
    doc: 'The last use of the key; N/A and no date while it has never been used.',
  },
)

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

export const AccessKeyList = list(AccessKey, { name: 'AccessKeyList' })
