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
  { name: 'AccessKeyLastUsed' },
)

export const AccessKey = structure(
  {
    accessKeyId: IAMAccessKeyId,
    secretAccessKey: NonEmptyString,
    status: StatusType,
    createdAt: IsoDate,
    lastUsed: AccessKeyLastUsed,
  },
  { name: 'AccessKey' },
)

export const AccessKeyList = list(AccessKey, { name: 'AccessKeyList' })
