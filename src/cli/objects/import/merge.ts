import { compareKeys } from './key-order.ts'

/** What two listings have under a key: both, or one of them. */
export interface Merged<S, T> {
  readonly key: string
  readonly source: S | undefined
  readonly target: T | undefined
}

interface Keyed {
  readonly key: string
}

/** Two listings in the order of their keys as one, each read no further than the other: a listing of any length takes the room of two pages. */
export async function* mergeByKey<S extends Keyed, T extends Keyed>(
  source: AsyncIterable<S>,
  target: AsyncIterable<T>,
): AsyncGenerator<Merged<S, T>> {
  const sources = source[Symbol.asyncIterator]()
  const targets = target[Symbol.asyncIterator]()
  try {
    let [left, right] = await Promise.all([sources.next(), targets.next()])
    while (left.done !== true || right.done !== true) {
      const order =
        left.done === true ? 1 : right.done === true ? -1 : compareKeys(left.value.key, right.value.key)
      const here = order <= 0 && left.done !== true ? left.value : undefined
      const there = order >= 0 && right.done !== true ? right.value : undefined
      const key = here?.key ?? there?.key
      if (key !== undefined) yield { key, source: here, target: there }
      if (here !== undefined) left = await sources.next()
      if (there !== undefined) right = await targets.next()
    }
  } finally {
    await Promise.all([sources.return?.(), targets.return?.()])
  }
}
