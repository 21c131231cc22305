import type { S3Client } from '@aws-sdk/client-s3'

/** What undoes or begins an upload in parts is let through to its end: the one takes back, the other's answer has what is to be taken back. */
const LET_THROUGH: ReadonlySet<string | undefined> = new Set([
  'AbortMultipartUploadCommand',
  'CreateMultipartUploadCommand',
])

/**
 * Makes every call of a client end with `signal`'s reason as soon as that is aborted, also those that a library makes. So the SDK's upload
 * fails like one whose server fails: it takes back what it began, and only then is it over. Its own way to stop returns before that.
 */
export function makeAbortable(client: S3Client, signal: AbortSignal): void {
  // One listener for all calls: a promise that every call waited for would keep what each of them was answered.
  const waiting = new Set<(reason: Error) => void>()
  signal.addEventListener('abort', () => waiting.forEach((end) => end(abortReason(signal))), { once: true })
  const untilAborted = async <T>(call: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw abortReason(signal)
    return await new Promise<T>((resolve, reject) => {
      waiting.add(reject)
      void call()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject))
    })
  }
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        LET_THROUGH.has(commandName) ? next(args) : untilAborted(() => next(args)),
    { step: 'initialize', name: 'lugsail-abort' },
  )
}

/** The error that a signal was aborted with. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('interrupted')
}
