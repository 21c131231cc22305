/** Told of each finished call: its name, how it ended, and how long it took. */
export type ObserveCall = (call: string, outcome: string, durationMs: number) => void

/** Makes a call and observes it, with what it does before its promise is there: LMDB answers reads within the call. Gives on what it gives. */
export async function measure<T>(
  observe: ObserveCall,
  call: string,
  make: () => Promise<T>,
  outcomeOf: (result: T) => string = () => 'ok',
): Promise<T> {
  const startedAt = performance.now()
  try {
    const result = await make()
    observe(call, outcomeOf(result), performance.now() - startedAt)
    return result
  } catch (error) {
    observe(call, 'error', performance.now() - startedAt)
    throw error
  }
}
