/** Told of each finished call: its name, how it ended, and how long it took. */
export type ObserveCall = (call: string, outcome: string, durationMs: number) => void

/** Observes a call that was just made; gives on what it gives. */
export async function measure<T>(
  observe: ObserveCall,
  call: string,
  made: Promise<T>,
  outcomeOf: (result: T) => string = () => 'ok',
): Promise<T> {
  const startedAt = performance.now()
  try {
    const result = await made
    observe(call, outcomeOf(result), performance.now() - startedAt)
    return result
  } catch (error) {
    observe(call, 'error', performance.now() - startedAt)
    throw error
  }
}
