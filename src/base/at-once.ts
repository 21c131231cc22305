/**
 * Does `work` for each item, for at most `limit` at a time, and waits for all. The first error ends it, once what runs has ended and `items` was told that no more of
 * them is taken.
 */
export async function forEachAtOnce<T>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  const failures: unknown[] = []
  let isOver = false
  const worker = async (): Promise<void> => {
    while (!isOver) {
      try {
        const next = await iterator.next()
        if (next.done === true) isOver = true
        else await work(next.value)
      } catch (error) {
        failures.push(error)
        isOver = true
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  if (failures.length === 0) return
  await iterator.return?.()
  throw failures[0]
}
