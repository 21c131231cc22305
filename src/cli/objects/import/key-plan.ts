import type { ListedVersion } from './listing.ts'

/** What is to be done about one key. */
export interface KeyPlan {
  /** What the destination lacks, oldest first. */
  readonly copies: readonly ListedVersion[]
  /** What the destination has and the source has not, any more. */
  readonly removals: readonly ListedVersion[]
  /** The destination has something newer and other under the key; nothing is copied. */
  readonly isConflict: boolean
  /** The bytes are the same, and it cannot be told from the dates whether what is said of them is. */
  readonly isUncertain: boolean
  /** The destination has all of the source's, and other ones on top of them. */
  readonly isCoveredThere: boolean
  /** How many versions are there already. */
  readonly sameCount: number
}

/** How a key's two sides are compared. */
export interface PlanRules {
  /** The source's clock minus the destination's. */
  readonly clockDifferenceMs: number
  /** Whether what is newer at the destination gives way. */
  readonly isOverwriting: boolean
}

/** Stores tell dates in whole seconds, some of them, and clocks are compared by dates of whole seconds. */
const DATE_MARGIN_MS = 2_500

const NOTHING: KeyPlan = {
  copies: [],
  removals: [],
  isConflict: false,
  isUncertain: false,
  isCoveredThere: false,
  sameCount: 0,
}

/** Whether two versions have the same bytes, as far as listings tell. */
export const isSame = (a: ListedVersion, b: ListedVersion): boolean =>
  a.isDeleteMarker === b.isDeleteMarker && a.sizeBytes === b.sizeBytes && a.etag === b.etag

/** Whether the source's may have come after the destination's. */
const mayBeNewer = (source: ListedVersion, target: ListedVersion, rules: PlanRules): boolean =>
  source.modifiedAtMs - rules.clockDifferenceMs + DATE_MARGIN_MS > target.modifiedAtMs

/** Compares what is under a key without regard to earlier versions. */
export function planObject(
  source: ListedVersion | undefined,
  target: ListedVersion | undefined,
  rules: PlanRules,
): KeyPlan {
  if (source === undefined) return { ...NOTHING, removals: target === undefined ? [] : [target] }
  if (target === undefined) return { ...NOTHING, copies: [source] }
  if (isSame(source, target))
    return { ...NOTHING, isUncertain: mayBeNewer(source, target, rules), sameCount: 1 }
  if (rules.isOverwriting || mayBeNewer(source, target, rules)) return { ...NOTHING, copies: [source] }
  return { ...NOTHING, isConflict: true }
}

/**
 * Compares the versions of a key, both oldest first. What was copied earlier lies at the destination in one run, in the source's order, from where on
 * the rest is missing; before it may lie what the source has let expire since, or what was there before.
 */
export function planVersions(
  source: readonly ListedVersion[],
  target: readonly ListedVersion[],
  rules: PlanRules,
): KeyPlan {
  const { skipped, matched, length } = longestRun(source, target)
  const before = target.slice(0, skipped)
  const after = target.slice(skipped + length)
  const copies = source.slice(matched)
  const [newest, newestThere] = [source.at(-1), target.at(-1)]
  if (copies.length === 0 || newest === undefined || newestThere === undefined || after.length === 0)
    return {
      ...NOTHING,
      copies,
      removals: [...before, ...after],
      isCoveredThere: newest !== undefined && copies.length === 0 && after.length > 0,
      sameCount: matched,
    }
  // Both went on from the same version, or have nothing in common.
  if (rules.isOverwriting || mayBeNewer(newest, newestThere, rules))
    return { ...NOTHING, copies, removals: [...before, ...after], sameCount: matched }
  return { ...NOTHING, isConflict: true, sameCount: matched }
}

interface Run {
  /** How many of the target's versions lie before it. */
  readonly skipped: number
  /** How many of the source's versions are in it. */
  readonly matched: number
  /** How many of the target's, the same one twice included. */
  readonly length: number
}

/**
 * The run of the target's versions that are the source's first ones. One that goes to the target's end, or has all of the source's, is taken before
 * longer ones: all that is missing comes behind it. A version may be there twice in a row, which a response that was lost leaves.
 */
function longestRun(source: readonly ListedVersion[], target: readonly ListedVersion[]): Run {
  let best: Run = { skipped: 0, matched: 0, length: 0 }
  for (let skipped = 0; skipped < target.length; skipped++) {
    const run = runFrom(source, target, skipped)
    // What begins later and goes to the end is shorter.
    if (run.matched > 0 && (skipped + run.length === target.length || run.matched === source.length))
      return run
    if (run.matched > best.matched) best = run
  }
  return best
}

function runFrom(source: readonly ListedVersion[], target: readonly ListedVersion[], skipped: number): Run {
  let [matched, length] = [0, 0]
  for (;;) {
    const there = target[skipped + length]
    const [last, next] = [source[matched - 1], source[matched]]
    if (there === undefined) break
    if (next !== undefined && isSame(next, there)) matched += 1
    else if (last === undefined || !isSame(last, there)) break
    length += 1
  }
  return { skipped, matched, length }
}
