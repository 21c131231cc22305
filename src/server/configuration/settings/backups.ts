import { DAY_SECONDS } from '../../../base/milliseconds.ts'
import { retention } from '../retention-setting.ts'
import { integer, text } from '../setting.ts'

/** A folder, or an S3 bucket with a prefix; no other scheme. */
const TARGET = /^(?:s3:\/\/.+|(?![a-z][a-z0-9+.-]*:).+)$/

/** Copies of the store: backups, and the mirror. */
export const backupsSettings = {
  backup: text({
    group: 'Backups',
    option: 'backup',
    placeholder: 'TO',
    allowed: 'the path of a folder, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME',
    default: null,
    isSecret: true,
    pattern: TARGET,
    doc: 'Where the server backs up its store by itself, as `lugsail store backup` does. The master key is in no backup.',
  }),
  backupIntervalSeconds: integer({
    group: 'Backups',
    option: 'backup-interval-seconds',
    min: 10,
    max: 366 * DAY_SECONDS,
    default: DAY_SECONDS,
    doc: 'How often a backup is taken. One that failed is tried again after a quarter of an hour; `/-/ready` and `lugsail_backup_last_timestamp_seconds` tell when there has been none for long.',
  }),
  backupKeep: retention({
    option: 'backup-keep',
    default: '7d,4w,12m',
    doc: 'Which backups stay: `7d,4w` for the newest of each of the last 7 days and 4 weeks that have one. [Operations](operations.md#back-up-and-restore) has all terms.',
  }),
  mirror: text({
    group: 'Backups',
    option: 'mirror',
    placeholder: 'TO',
    allowed: 'the path of a folder, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME',
    default: null,
    isSecret: true,
    pattern: TARGET,
    doc: 'Where a second copy of the store is kept near, on another disk or store: what is found damaged is read from there, and mended. All servers of a store need the same.',
  }),
  mirrorIntervalSeconds: integer({
    group: 'Backups',
    option: 'mirror-interval-seconds',
    min: 1,
    max: 3_600,
    default: 10,
    doc: 'How often the mirror takes over what changed; `lugsail_mirror_lag_seconds` tells how far it is behind.',
  }),
  mirrorKeep: retention({
    option: 'mirror-keep',
    default: 'all:24h,7d',
    doc: 'Which states of the mirror stay, to be restored from as from backups: by default each of the last day, and one of each of 7 days.',
  }),
} as const
