import type { getAuditLog as getAuditLogOperation } from '../../model/lugsail/get-audit-log.ts'
import type { getServerInfo as getServerInfoOperation } from '../../model/lugsail/get-server-info.ts'
import type { OutputOf } from '../../model/operation.ts'
import { ControlError } from '../control-error.ts'
import type { OperationHandler } from '../operation-handler.ts'

type AuditRecord = OutputOf<typeof getAuditLogOperation>['records'][number]

/** Tells what the server is. */
export const handleGetServerInfo: OperationHandler<typeof getServerInfoOperation> = ({ server }) =>
  Promise.resolve({
    version: server.version,
    nodeVersion: process.versions.node,
    keepsAuditLog: server.auditLog !== null,
  })

/** Shows the audit log, the newest change first. Throws `NotFoundException` where none is kept. */
export const handleGetAuditLog: OperationHandler<typeof getAuditLogOperation> = async (
  { server },
  { containing = '', outcome, pageToken },
) => {
  if (!server.auditLog) throw new ControlError('NotFoundException', 'The server keeps no audit log')
  const wanted = containing.toLowerCase()
  try {
    const { lines, nextPageToken } = await server.auditLog({
      pageToken,
      isWanted: (line) => {
        const record = recordOf(line)
        return (
          record !== null &&
          (outcome === undefined || record.outcome === outcome) &&
          Object.values(record).some((value) => isIn(value, wanted))
        )
      },
    })
    return {
      records: lines.map(recordOf).filter((record) => record !== null),
      ...(nextPageToken !== null && { nextPageToken }),
    }
  } catch (error) {
    if (error instanceof RangeError)
      throw new ControlError('InvalidInputException', 'The pageToken is none of this operation')
    throw error
  }
}

const isIn = (value: unknown, wanted: string): boolean =>
  (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase().includes(wanted)

/** What a line says; null: it is no record, since a full disk cut it. */
function recordOf(line: string): AuditRecord | null {
  try {
    const { time, details, ...record } = JSON.parse(line) as Written
    const at = Date.parse(time)
    if (Number.isNaN(at)) return null
    return {
      at,
      ...record,
      ...(details && { details: Object.entries(details).map(([name, value]) => ({ name, value })) }),
    }
  } catch {
    return null
  }
}

/** As the server itself writes it. */
interface Written extends Omit<AuditRecord, 'at' | 'details'> {
  readonly time: string
  readonly details?: Readonly<Record<string, string>>
}
