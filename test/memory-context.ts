import { ManualClock } from './manual-clock.ts'
import { DEFAULT_SERVICE_SETTINGS } from './service-settings.ts'
import type { Clock } from '../src/base/clock.ts'
import type { ServiceContext, ServiceSettings } from '../src/service/context.ts'
import { createServiceContext } from '../src/service/create-context.ts'
import { EnvelopeVault } from '../src/service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../src/service/secrets/master-keys.ts'
import { MemoryBlobStore } from '../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../src/storage/memory/metadata-store.ts'
import type { MetadataStore } from '../src/storage/metadata-store.ts'

export interface MemoryContextOptions<C extends Clock> {
  readonly clock: C
  readonly metadata?: MetadataStore
  readonly settings?: Partial<ServiceSettings>
}

/** Everything that the rules work with, on stores in memory, with a clock that stands still. */
export function memoryContext<C extends Clock = ManualClock>(
  options?: MemoryContextOptions<C>,
): ServiceContext & { readonly clock: C | ManualClock } {
  const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the test'))
  const clock = options?.clock ?? new ManualClock()
  const context = createServiceContext({
    metadata: options?.metadata ?? new MemoryMetadataStore(),
    blobs: new MemoryBlobStore(),
    clock,
    vault,
    settings: {
      ...DEFAULT_SERVICE_SETTINGS,
      inlineBodyBytesMax: 16 * 1024,
      bucketsPerAccountMax: 20,
      publicUrl: 'http://localhost:9400',
      ...options?.settings,
    },
  })
  return { ...context, clock }
}
