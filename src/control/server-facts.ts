/** What the process tells of itself to the first account. */
export interface ServerFacts {
  readonly version: string
  /** Null: no audit log is kept. */
  readonly auditLog: AuditLogReader | null
}

/** Which lines of the audit log are asked for. */
interface AuditLogQuestion {
  /** Absent: from the newest on. */
  readonly pageToken?: string | undefined
  /** Whether a line is wanted. */
  readonly isWanted: (line: string) => boolean
}

/** Lines of the audit log, the newest first; the token is there when there may be more. Rejects with RangeError for a token that is none. */
export type AuditLogReader = (
  question: AuditLogQuestion,
) => Promise<{ readonly lines: readonly string[]; readonly nextPageToken: string | null }>
