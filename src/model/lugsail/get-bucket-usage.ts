import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { BucketName } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { integer, list, long, optional, required, string, structure } from '../shape.ts'

/** Longest time that is told of at once, in days. */
const USAGE_DAYS_MAX = 366

/** How many days are told of where it is not asked for a number. */
export const USAGE_DAYS_DEFAULT = 30

const Bytes = long({ name: 'Bytes', min: 0 })
const Objects = long({ name: 'Objects', min: 0 })
const Requests = long({ name: 'Requests', min: 0 })

const BucketDay = structure(
  {
    day: required(string({ name: 'Day' })),
    storedBytes: Bytes,
    objects: Objects,
    receivedBytes: required(Bytes),
    sentBytes: required(Bytes),
    requests: required(Requests),
  },
  {
    name: 'BucketDay',
    doc: 'A day (UTC) of a bucket: the bytes and objects that it held at its end, absent where they were not counted, the bytes that went in and out, and the requests about the bucket that were answered, refused ones among them.',
  },
)

/** Shows what a bucket holds and transfers. */
export const getBucketUsage = operation('GetBucketUsage', {
  api: 'lugsail',
  isOpenToAccounts: true,
  doc: 'Shows what a bucket of the account in the region that is called holds, what went in and out of it and how many requests there were, day by day. Old versions and unfinished uploads count as stored.',
  input: structure(
    {
      bucketName: required(BucketName),
      days: optional(integer({ name: 'UsageDays', min: 1, max: USAGE_DAYS_MAX }), {
        doc: 'How many days are told of, today among them: up to 366, 30 when absent.',
      }),
    },
    { name: 'GetBucketUsageRequest' },
  ),
  output: structure(
    {
      storedBytes: required(Bytes),
      objects: required(Objects),
      sentBytesOfMonth: required(Bytes, {
        doc: 'Since the month (UTC) began, or since the bundle changed in it: what counts as transfer of the bundle.',
      }),
      days: required(list(BucketDay, { name: 'BucketDayList' })),
    },
    {
      name: 'GetBucketUsageResult',
      doc: 'What the bucket holds now, and its days, the oldest first; days on which nothing was counted are left out.',
    },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
