import { DatabaseError } from 'pg'
import { StoreUnavailable } from '../metadata-store.ts'
import { SESSION_ENDED } from './commit-function.ts'

/** What a failed query leaves behind, which decides how to go on. */
type FailureKind =
  /** The server refused; its transaction did not happen and the connection is well. */
  | 'refused'
  /** As `refused`, and the same call may succeed at once. */
  | 'refused-retry'
  /** The connection is of no use any more; whether the transaction happened is open. */
  | 'lost'

/** What the driver's error of a query leaves behind; what is not known counts as a lost connection. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof DatabaseError) || error.code === undefined) return 'lost'
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return 'lost'
  // Serialization failure and deadlock: neither can happen by design, both are harmless to repeat.
  if (error.code === '40001' || error.code === '40P01' || error.code === SESSION_ENDED) return 'refused-retry'
  return 'refused'
}

/** The failure as callers know it. The message has the server's own words and its SQLSTATE; neither holds the password. */
export function unavailable(where: string, error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = error instanceof Error && error.message !== '' ? error.message : (code ?? 'unknown failure')
  const hint = (code !== undefined && HINTS[code]) ?? ''
  return new StoreUnavailable(`${where}: ${words}${code ? ` (${code})` : ''}${hint ? `. ${hint}` : ''}`, {
    cause: error,
  })
}

/** What to do about a failure, by SQLSTATE. */
const HINTS: Readonly<Record<string, string>> = {
  '3D000': 'Create the database first',
  '3F000': 'Run `lugsail store migrate` first',
  '42P01': 'Run `lugsail store migrate` first',
  '42883': 'Run `lugsail store migrate` first',
  '25006': 'This server is a standby: name the primary',
  '53200': 'Raise max_locks_per_transaction',
  '53300': 'Raise max_connections, or lower the parameter `connections`',
}
