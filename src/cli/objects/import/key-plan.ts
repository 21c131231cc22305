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
 * Compares the versions of a key, both oldest first. What was copied earlier lies at the destination in the source's order, up to where the rest is
 * missing. Before and between may lie what the source has deleted or let expire since, what was there before, or one twice, which a response that was
 * lost leaves.
 */
export function planVersions(
  source: readonly ListedVersion[],
  target: readonly ListedVersion[],
  rules: PlanRules,
): KeyPlan {
  const { matched, places } = matchVersions(source, target)
  const copies = source.slice(matched)
  const others = target.filter((_, place) => !places.has(place))
  const hasOthersOnTop = target.length > 0 && !places.has(target.length - 1)
  const [newest, newestThere] = [source.at(-1), target.at(-1)]
  if (copies.length === 0 || newest === undefined || newestThere === undefined || !hasOthersOnTop)
    return {
      ...NOTHING,
      copies,
      removals: others,
      isCoveredThere: newest !== undefined && copies.length === 0 && hasOthersOnTop,
      sameCount: matched,
    }
  // Both went on from the same version, or have nothing in common.
  if (rules.isOverwriting || mayBeNewer(newest, newestThere, rules))
    return { ...NOTHING, copies, removals: others, sameCount: matched }
  return { ...NOTHING, isConflict: true, sameCount: matched }
}

interface Matches {
  /** How many of the source's versions, from the oldest on, the destination has in their order. */
  readonly matched: number
  /** Where these lie among the target's. */
  readonly places: ReadonlySet<number>
}

/**
 * Finds the source's first versions among the target's. All of them, or such that end where the target ends, are taken before more of them: all that is
 * missing comes behind. They are taken as late as they can be, since what is gone at the source are older ones more often than newer.
 */
function matchVersions(source: readonly ListedVersion[], target: readonly ListedVersion[]): Matches {
  const most = countInOrder(source, target)
  const newestThere = target.at(-1)
  const upToEnd = source
    .slice(0, most)
    .findLastIndex((version) => newestThere !== undefined && isSame(version, newestThere))
  const matched = most === source.length || upToEnd === -1 ? most : upToEnd + 1
  const places = new Set<number>()
  let place = target.length
  for (const version of source.slice(0, matched).reverse()) {
    place = lastBefore(place, target, version)
    places.add(place)
  }
  return { matched, places }
}

function countInOrder(source: readonly ListedVersion[], target: readonly ListedVersion[]): number {
  let count = 0
  for (const there of target) {
    const next = source[count]
    if (next === undefined) break
    if (isSame(next, there)) count += 1
  }
  return count
}

function lastBefore(end: number, target: readonly ListedVersion[], version: ListedVersion): number {
  let place = end - 1
  for (; place > 0; place--) {
    const there = target[place]
    if (there !== undefined && isSame(version, there)) break
  }
  return place
}
