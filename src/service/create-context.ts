import { AccessKeyUses } from './access-keys/access-key-uses.ts'
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
  onUnstoredUse = () => undefined,
}: ContextParts): ServiceContext {
  const blobLedger = new ProcessLedger({ metadata, blobs, clock })
  const turns = new Turns()
  const accessCache = new AccessCache(vault)
  const uses = { metadata, clock, blobLedger, turns, accessCache }
  return {
    metadata,
    blobs,
    clock,
    vault,
    settings,
    onUnstoredUse,
    objectKeys: new ObjectKeys(vault),
    blobLedger,
    damage: new DamageLedger({ metadata, clock }),
    turns,
    accountOwners: new AccountOwners(metadata),
    accessCache,
    accessReads: new AccessReads<AccessLookup>(),
    accessKeyUses: new AccessKeyUses(uses, (error) => onUnstoredUse(error, true)),
    sessionTokens: new SessionTokens(vault),
    accountIndex: { isComplete: false },
  }
}

/** Stores what the context gathered, gives up what it holds, and closes its stores. Nothing may be under way. */
export async function closeServiceContext({
  accessKeyUses,
  onUnstoredUse,
  blobLedger,
  metadata,
  blobs,
}: ServiceContext): Promise<void> {
  await accessKeyUses.close().catch((error: unknown) => onUnstoredUse?.(error, false))
  try {
    await blobLedger.close()
  } finally {
    await metadata.close()
    await blobs.close()
  }
}
