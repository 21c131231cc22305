import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { IntegerValue, IsoDate, StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { enumeration, list, optional, required, string, structure } from '../shape.ts'

/** How a change ended. */
const AuditOutcome = enumeration(['succeeded', 'failed'], { name: 'AuditOutcome' })

const AuditDetail = structure(
  { name: required(StringValue), value: required(StringValue) },
  { name: 'AuditDetail', doc: 'A further thing that the change is about, by the API’s words.' },
)

const AuditRecord = structure(
  {
    at: required(IsoDate),
    source: required(StringValue),
    operation: required(StringValue),
    outcome: required(AuditOutcome),
    errorCode: StringValue,
    status: IntegerValue,
    accountId: StringValue,
    accessKeyId: StringValue,
    parentAccessKeyId: StringValue,
    session: StringValue,
    user: StringValue,
    address: StringValue,
    agent: StringValue,
    bucketName: StringValue,
    objectKey: StringValue,
    details: list(AuditDetail, { name: 'AuditDetailList' }),
    requestId: StringValue,
    refusalsLeftOutUntil: StringValue,
  },
  {
    name: 'AuditRecord',
    doc: 'One change, or one that was tried: when, through which door, what, by whom and from where, on what, and how it ended. Never a secret.',
  },
)

/** Shows the audit log. */
export const getAuditLog = operation('GetAuditLog', {
  api: 'lugsail',
  refusesUnknownMembers: true,
  doc: 'Shows the audit log of the server that answers, the newest change first: the file and those that were put aside. A page may have few records or none and be followed by others, since it is read no further than some megabytes.',
  input: structure(
    {
      containing: optional(string({ name: 'AuditText', lengthMin: 1, lengthMax: 256 }), {
        doc: 'Changes alone whose record has this text in it, small and capital letters alike.',
      }),
      outcome: optional(AuditOutcome, { doc: 'Changes alone that ended so.' }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'GetAuditLogRequest' },
  ),
  output: structure(
    { records: required(list(AuditRecord, { name: 'AuditRecordList' })), nextPageToken: StringValue },
    { name: 'GetAuditLogResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'records' },
})
