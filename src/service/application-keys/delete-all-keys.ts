import { commitInTurn } from '../commit/commit-in-turn.ts'
import { applicationKeysTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { credentialKey, keyNamesRange, lastUsedKey, retirementKey } from '../keyspace.ts'
import { keyNameCodec } from '../records/credential.ts'
import { idsOf } from './read-key.ts'

const KEYS_PER_COMMIT = 50

/**
 * Deletes the application keys of an account that has no buckets any more, in steps, without operation records: the account goes, too. A key that
 * others make meanwhile is there afterwards. Throws `RecordBusy`.
 */
export async function deleteAllKeys(context: ServiceContext, accountId: string): Promise<void> {
  for (let isMore = true; isMore;)
    isMore = await commitInTurn(context, applicationKeysTurn(accountId), async () => {
      const rows = await context.metadata.scan({ ...keyNamesRange(accountId), limit: KEYS_PER_COMMIT })
      const checks = rows.map(({ key, version }) => ({ key, version }))
      const deletes = rows.flatMap(({ key, value }) => {
        const ids = idsOf(keyNameCodec.decode(value))
        return [key, ...ids.flatMap((id) => [credentialKey(id), lastUsedKey(id), retirementKey(id)])]
      })
      return {
        change: rows.length === 0 ? null : { checks, deletes },
        result: rows.length === KEYS_PER_COMMIT,
      }
    })
}
