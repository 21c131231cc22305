import type { ServiceContext } from '../../service/context.ts'

const ANSWER_INTERVAL_MS = 5_000
const ANSWERS_PER_RENEWAL = 12

/**
 * Does long work that reads blobs beside servers: the lease of this process is renewed, and servers that want to remove blobs are told which of them it
 * reads, so that they need not wait for its end.
 */
export async function whileAnswering<T>(context: ServiceContext, work: () => Promise<T>): Promise<T> {
  let round = 0
  const answer = async (): Promise<void> => {
    const ledger = await context.blobLedger.ifOpen
    if (!ledger) return
    if (++round % ANSWERS_PER_RENEWAL === 0) await ledger.renew()
    await ledger.answerQuestions()
  }
  const timer = setInterval(() => {
    // A store that does not answer now is asked again by the next round, and by the work itself.
    answer().catch(() => undefined)
  }, ANSWER_INTERVAL_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
