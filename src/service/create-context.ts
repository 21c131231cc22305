import { AccountOwners } from './accounts/account-owners.ts'
import { ProcessLedger } from './blobs/process-ledger.ts'
import type { ContextParts, ServiceContext } from './context.ts'
import { AccessCache } from './credentials/access-cache.ts'
import { AccessReads } from './credentials/access-reads.ts'
import type { AccessLookup } from './credentials/access-lookup.ts'
import { DamageLedger } from './damage/damage-ledger.ts'
import { ObjectKeys } from './encryption/object-keys.ts'
import { SessionTokens } from './sessions/session-tokens.ts'
import { Turns } from './commit/turns.ts'

/** What one process works with, over stores that others may share: whoever makes it closes it with {@link closeServiceContext}. */
export function createServiceContext({
  metadata,
  blobs,
  clock,
  vault,
  settings,
}: ContextParts): ServiceContext {
  return {
    metadata,
    blobs,
    clock,
    vault,
    settings,
    objectKeys: new ObjectKeys(vault),
    blobLedger: new ProcessLedger({ metadata, blobs, clock }),
    damage: new DamageLedger({ metadata, clock }),
    turns: new Turns(),
    accountOwners: new AccountOwners(metadata),
    accessCache: new AccessCache(vault),
    accessReads: new AccessReads<AccessLookup>(),
    sessionTokens: new SessionTokens(vault),
    accountIndex: { isComplete: false },
  }
}

/** Gives up what the context holds, and closes its stores. Nothing may be under way. */
export async function closeServiceContext({ blobLedger, metadata, blobs }: ServiceContext): Promise<void> {
  try {
    await blobLedger.close()
  } finally {
    await metadata.close()
    await blobs.close()
  }
}
