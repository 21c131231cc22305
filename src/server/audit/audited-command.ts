import { userInfo } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import { terminalText } from '../../base/terminal-text.ts'
import { toControlForm } from '../../control/errors.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
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

/** Whose audit log it is. */
export interface AuditPlace {
  readonly settings: Pick<SettingValues, 'auditLog' | 'auditLogBytesMax' | 'auditLogFilesMax'>
  readonly folder: DataFolder
  readonly clock: Clock
}

/** Does the work of a command that changes the store, and notes it in the audit log, whether or not it failed. */
export async function withAudit<T>(
  where: AuditPlace,
  command: AuditedCommand,
  work: () => Promise<T>,
): Promise<T> {
  let result: T
  try {
    result = await work()
  } catch (error) {
    await noteCommand(where, command, { error })
    throw error
  }
  await noteCommand(where, command)
  return result
}

/** Notes in the audit log that a command was carried out or, with `error`, that it failed. Never rejects. */
export async function noteCommand(
  where: AuditPlace,
  { operation, details }: AuditedCommand,
  failure?: { readonly error: unknown },
): Promise<void> {
  const errorCode = isDomainError(failure?.error) ? toControlForm(failure.error)?.code : undefined
  await append(where, {
    source: 'command',
    operation,
    user: userName(),
    details,
    outcome: failure ? 'failed' : 'succeeded',
    errorCode,
  })
}

/** What is done is done: a log that cannot be written is told of, and changes nothing about the command. */
async function append({ settings, folder, clock }: AuditPlace, entry: AuditEntry): Promise<void> {
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
