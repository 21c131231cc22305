/** What is behind the prefix in the name of a log that was delivered: when that was, and what tells it from others. */
export const ACCESS_LOG_NAME = /^\d{4}(?:-\d\d){5}-[0-9A-F]{16}$/

/** `2030-01-31-23-59-59`: how such a name begins, so that names sort by time. */
export const accessLogTime = (epochMs: number): string =>
  new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')
