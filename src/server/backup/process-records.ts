import {
  changeLogRange,
  damagesRange,
  removalResponseKey,
  removalQuestionsRange,
  storeKey,
  writerLeaseRenewalKey,
  writerLeasesRange,
} from '../../service/keyspace.ts'

/** The first bytes of records that belong to processes: leases, questions, answers. */
const TAGS_OF_PROCESSES = new Set(
  [
    writerLeasesRange().start,
    writerLeaseRenewalKey(''),
    removalQuestionsRange().start,
    removalResponseKey('', ''),
  ].map(([tag]) => tag),
)

/** What the store's own records begin with that say how far work on it got. */
const OWN_WORK = ['job/', 'copy', 'restore', 'backup', 'mirror', 'scrub'].map(storeKey)

/** What damage was found on this store's disks. */
const [DAMAGE_TAG] = damagesRange().start
/** What a mirror has still to take over. */
const [CHANGE_LOG_TAG] = changeLogRange().start

/** Whether a record belongs to a process, tells of damage on a disk, or of work on this very store: whose turn a job is, how far a copy got. */
export const isOfThisPlace = (key: Uint8Array): boolean =>
  TAGS_OF_PROCESSES.has(key[0]) ||
  key[0] === DAMAGE_TAG ||
  key[0] === CHANGE_LOG_TAG ||
  OWN_WORK.some((prefix) => Buffer.from(key.subarray(0, prefix.length)).equals(prefix))
