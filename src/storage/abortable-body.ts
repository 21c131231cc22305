/**
 * The chunks of `body`, until `signal` aborts: then it throws the signal's reason at once, even when the body hangs. Either way, and when
 * the reader stops early, the body is told to stop.
 */
export async function* abortableBody(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (!signal) {
    yield* body
    return
  }
  const iterator = body[Symbol.asyncIterator]()
  let rejectPull: ((reason: unknown) => void) | null = null
  const onAbort = () => rejectPull?.(signal.reason)
  signal.addEventListener('abort', onAbort)
  let isFinished = false
  try {
    for (;;) {
      signal.throwIfAborted()
      const pulled = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        rejectPull = reject
        iterator.next().then(resolve, (error: unknown) => {
          isFinished = true
          reject(error instanceof Error ? error : new Error('the body failed', { cause: error }))
        })
      })
      if (pulled.done) {
        isFinished = true
        return
      }
      yield pulled.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not awaited: a hung body would hang its reader; the failure that matters is already on its way.
    if (!isFinished) iterator.return?.().then(undefined, () => undefined)
  }
}
