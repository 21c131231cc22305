import { existsSync, rmSync, statSync } from 'node:fs'
import { isOwnerGone } from './owned-file.ts'

/** The engine's table of readers, beside the file. */
export const LOCK_SUFFIX = '-lock'
/** What a compaction makes of the file, until it takes its place. */
export const DRAFT_SUFFIX = '.compacting'
/** Which keys were changed while a compaction goes on. */
export const JOURNAL_SUFFIX = '.changes'

/** So often a compaction that goes on says so. */
export const SIGN_INTERVAL_MS = 1_000
/** One that has not said so for as long is over, or as good as that: it ends itself when it wakes up. */
const SILENCE_MS = 60_000

/**
 * Whether a compaction of the file at `path` goes on, in whatever process. One that is taken for over harms nothing when it is not: it puts its file in place only while its journal is there.
 */
export function isBeingCompacted(path: string): boolean {
  const journal = statSync(path + JOURNAL_SUFFIX, { throwIfNoEntry: false })
  if (journal === undefined || Math.abs(Date.now() - journal.atimeMs) > SILENCE_MS) return false
  return !isOwnerGone(path + JOURNAL_SUFFIX)
}

/** Removes what compactions of the file at `path` left that did not end by themselves. Throws the system's error. */
export function removeLeftovers(path: string): void {
  const isLeft = [JOURNAL_SUFFIX, DRAFT_SUFFIX, DRAFT_SUFFIX + LOCK_SUFFIX].some((suffix) =>
    existsSync(path + suffix),
  )
  if (isLeft && !isBeingCompacted(path)) removeDraft(path)
}

/** Removes what a compaction of the file at `path` makes beside it. Throws the system's error. */
export function removeDraft(path: string): void {
  // The journal last: while it is there, nobody else begins.
  for (const suffix of [DRAFT_SUFFIX, DRAFT_SUFFIX + LOCK_SUFFIX, JOURNAL_SUFFIX])
    rmSync(path + suffix, { force: true })
}
