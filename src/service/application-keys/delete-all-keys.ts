import type { ServiceContext } from '../context.ts'
import { credentialKey, keyNamesRange, lastUsedKey, retirementKey } from '../keyspace.ts'
import { keyNameCodec } from '../records/credential.ts'
import { idsOf } from './read-key.ts'

const KEYS_PER_COMMIT = 50

/**
 * Deletes the application keys of an account that has no buckets any more, in steps, without operation records: the account goes, too. A key that
 * others make meanwhile is there afterwards.
 */
export async function deleteAllKeys(context: ServiceContext, accountId: string): Promise<void> {
  for (;;) {
    const rows = await context.metadata.scan({ ...keyNamesRange(accountId), limit: KEYS_PER_COMMIT })
    if (rows.length === 0) return
    // When others change one of them it is read again.
    await context.metadata.commit({
      checks: rows.map(({ key, version }) => ({ key, version })),
      deletes: rows.flatMap(({ key, value }) => {
        const ids = idsOf(keyNameCodec.decode(value))
        return [key, ...ids.flatMap((id) => [credentialKey(id), lastUsedKey(id), retirementKey(id)])]
      }),
    })
  }
}
