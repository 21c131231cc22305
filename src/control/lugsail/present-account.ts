import type { Account as AccountShape } from '../../model/lugsail/shapes.ts'
import type { ValueOf } from '../../model/shape.ts'
import { retiringKeyOf } from '../../service/accounts/rotate-root-key.ts'
import type { AccountRecord } from '../../service/records/account.ts'

/** An account as the API shows it. `nowMs`: epoch milliseconds. */
export function presentAccount(record: AccountRecord, nowMs: number): ValueOf<typeof AccountShape> {
  const { accountId, name, canonicalUserId, createdAt, accessKeyId } = record
  const retiring = retiringKeyOf(record, nowMs)
  return {
    accountId,
    accountName: name,
    canonicalUserId,
    createdAt,
    accessKeyId,
    ...(retiring && { retiringKey: { accessKeyId: retiring.accessKeyId, until: retiring.until } }),
  }
}
