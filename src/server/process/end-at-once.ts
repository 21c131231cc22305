/**
 * Ends this process without an orderly exit, which would wait for a write that is under way, while that may wait for this very thread. It ends by
 * `signal`, as whoever waits for it will see.
 */
export function endAtOnce(signal: NodeJS.Signals): never {
  if (signal !== 'SIGKILL') process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // The first process of a container cannot be ended by a signal of its own: only a fault ends it.
  process.abort()
}
