const LEAF_SIZE_MAX = 256

interface Leaf<K, V> {
  readonly keys: K[]
  readonly values: V[]
}

/**
 * A map that keeps its keys in order: a row of leaves, each a sorted array. Finding takes two binary searches; inserting moves at most
 * one leaf's entries. Iterators must not be used across a change.
 */
export class SortedMap<K, V> {
  readonly #compare: (a: K, b: K) => number
  #leaves: Leaf<K, V>[] = [{ keys: [], values: [] }]

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare
  }

  get(key: K): V | undefined {
    const { leaf, index, isMatch } = this.#find(key)
    return isMatch ? leaf.values[index] : undefined
  }

  set(key: K, value: V): void {
    const { leaf, leafIndex, index, isMatch } = this.#find(key)
    if (isMatch) {
      leaf.values[index] = value
      return
    }
    leaf.keys.splice(index, 0, key)
    leaf.values.splice(index, 0, value)
    if (leaf.keys.length <= LEAF_SIZE_MAX) return
    // Splitting near the end makes ascending inserts fill their leaves.
    const at = index === leaf.keys.length - 1 ? LEAF_SIZE_MAX - 8 : LEAF_SIZE_MAX / 2
    this.#leaves.splice(leafIndex + 1, 0, { keys: leaf.keys.splice(at), values: leaf.values.splice(at) })
  }

  delete(key: K): boolean {
    const { leaf, leafIndex, index, isMatch } = this.#find(key)
    if (!isMatch) return false
    leaf.keys.splice(index, 1)
    leaf.values.splice(index, 1)
    if (leaf.keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(leafIndex, 1)
    return true
  }

  /** Another map of the same entries. */
  copy(): SortedMap<K, V> {
    const copy = new SortedMap<K, V>(this.#compare)
    copy.#leaves = this.#leaves.map(({ keys, values }) => ({ keys: [...keys], values: [...values] }))
    return copy
  }

  /** Entries from `start` (inclusive) on, ascending. */
  *ascendingFrom(start: K): Generator<[K, V]> {
    const place = this.#find(start)
    let index = place.index
    for (let at = place.leafIndex; at < this.#leaves.length; at++, index = 0) {
      const leaf = this.#leaves[at]
      if (leaf) yield* entriesOf(leaf, index, leaf.keys.length, 1)
    }
  }

  /** Entries below `end` (exclusive), descending. */
  *descendingFrom(end: K): Generator<[K, V]> {
    const place = this.#find(end)
    let index = place.index - 1
    for (let at = place.leafIndex; at >= 0; at--) {
      const leaf = this.#leaves[at]
      if (leaf) yield* entriesOf(leaf, index, -1, -1)
      index = (this.#leaves[at - 1]?.keys.length ?? 0) - 1
    }
  }

  #find(key: K): { leaf: Leaf<K, V>; leafIndex: number; index: number; isMatch: boolean } {
    let low = 0
    let high = this.#leaves.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      const first = this.#leaves[middle]?.keys[0]
      if (first !== undefined && this.#compare(first, key) <= 0) low = middle
      else high = middle - 1
    }
    const leaf = this.#leaves[low]
    if (!leaf) throw new Error('a sorted map has at least one leaf')
    const index = this.#lowerBound(leaf.keys, key)
    const found = leaf.keys[index]
    return { leaf, leafIndex: low, index, isMatch: found !== undefined && this.#compare(found, key) === 0 }
  }

  #lowerBound(keys: readonly K[], key: K): number {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      const candidate = keys[middle]
      if (candidate !== undefined && this.#compare(candidate, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function* entriesOf<K, V>(leaf: Leaf<K, V>, from: number, to: number, step: 1 | -1): Generator<[K, V]> {
  for (let index = from; index !== to; index += step) {
    const key = leaf.keys[index]
    const value = leaf.values[index]
    if (key !== undefined && value !== undefined) yield [key, value]
  }
}
