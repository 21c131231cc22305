import { DAY_SECONDS } from '../../../base/milliseconds.ts'
import { integer } from '../setting.ts'

/** How often the server does what nobody asks for. */
export const backgroundWorkSettings = {
  accessLogIntervalSeconds: integer({
    group: 'Background work',
    option: 'access-log-interval-seconds',
    min: 1,
    max: DAY_SECONDS,
    default: 300,
    doc: 'How often the access logs of buckets (`update-bucket --access-log-config`) are delivered; a bucket with many requests gets a log object sooner.',
  }),
  lifecycleDaySeconds: integer({
    group: 'Background work',
    option: 'lifecycle-day-seconds',
    min: 1,
    max: DAY_SECONDS,
    default: DAY_SECONDS,
    doc: 'How long a day of lifecycle rules lasts. Anything but 86,400 is for trying rules out: objects then expire within seconds.',
  }),
  sweepIntervalSeconds: integer({
    group: 'Background work',
    option: 'sweep-interval-seconds',
    min: 10,
    max: 604_800,
    default: 3_600,
    doc: 'How often blobs that no object refers to are removed.',
  }),
  scrubPeriodDays: integer({
    group: 'Background work',
    option: 'scrub-period-days',
    min: 0,
    max: 3_650,
    default: 30,
    doc: 'How often all that is stored is read and compared with its checksums, so that damage is found before it is asked for. 0: only when `lugsail store scrub --now` asks for it.',
  }),
  scrubDiskPercent: integer({
    group: 'Background work',
    option: 'scrub-disk-percent',
    min: 1,
    max: 100,
    default: 10,
    doc: 'Percent of the time in which that reading may use the disk; less while requests need it.',
  }),
  retiredKeyDays: integer({
    group: 'Background work',
    option: 'retired-key-days',
    min: 0,
    max: 3_650,
    default: 30,
    doc: 'How many days an access key that was rotated is kept once it is Inactive, so that `lugsail key who` tells who still uses it; then it is deleted. 0: until it is deleted by hand.',
  }),
  rotationDaysMax: integer({
    group: 'Background work',
    option: 'rotation-days-max',
    min: 1,
    max: 3_650,
    default: 30,
    doc: 'Days after which a rotation counts as forgotten whose old key still opens something: the log says so once a day, and `lugsail_key_rotations{state="forgotten"}` counts them.',
  }),
  keyUseDays: integer({
    group: 'Background work',
    option: 'key-use-days',
    min: 1,
    max: 400,
    default: 30,
    doc: 'How many days it is kept who used an access key (`lugsail key who`); on each of them a key has at most 1,000 different users, and a row for all others.',
  }),
  operationRecordDays: integer({
    group: 'Background work',
    option: 'operation-record-days',
    min: 1,
    max: 3_650,
    default: 90,
    doc: 'How long operation records (GetOperations) are kept; never more than 10,000 for each account and region.',
  }),
} as const
