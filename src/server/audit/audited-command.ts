import { userInfo } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import { terminalText } from '../../base/terminal-text.ts'
import { ServiceError } from '../../service/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { DataFolder } from '../store/data-folder.ts'
import { appendLines, auditFileOf } from './audit-file.ts'
import { auditLine, type AuditEntry } from './audit-line.ts'

interface AuditedCommand {
  /** Its words: `account rotate`. */
  readonly operation: string
  /** Names of what it is about; the work may add to them what it made. Never a secret. */
  readonly details: Record<string, string>
}

/** Does the work of a command that changes the store, and notes it in the audit log, whether or not it failed. */
export async function withAudit<T>(
  where: { readonly settings: SettingValues; readonly folder: DataFolder; readonly clock: Clock },
  { operation, details }: AuditedCommand,
  work: () => Promise<T>,
): Promise<T> {
  const entry = { source: 'command', operation, user: userName(), details } as const
  try {
    const result = await work()
    await append(where, { ...entry, outcome: 'succeeded' })
    return result
  } catch (error) {
    const errorCode = error instanceof ServiceError ? error.code : undefined
    await append(where, { ...entry, outcome: 'failed', errorCode })
    throw error
  }
}

/** What is done is done: a log that cannot be written is told of, and changes nothing about the command. */
async function append(
  { settings, folder, clock }: Parameters<typeof withAudit>[0],
  entry: AuditEntry,
): Promise<void> {
  const file = auditFileOf(settings, folder)
  if (file === null) return
  try {
    await appendLines(file, auditLine(clock.now(), entry))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      terminalText(`lugsail: the audit log ${file.path} could not be written: ${reason}\n`),
    )
  }
}

/** Of the operating system; its number where it has no name, as in containers. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
