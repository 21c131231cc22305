import type { ApplicationKey } from '../../model/lugsail/access-key-shapes.ts'
import type { ValueOf } from '../../model/shape.ts'
import { keyStatusOf, type ListedKey } from '../../service/application-keys/list-keys.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { ApplicationCredential, LastUsedRecord, Retirement } from '../../service/records/credential.ts'
import { deletionOf, isRetiring } from '../../service/retirement/retirement.ts'
import { presentAccessKey, presentFullLastUse } from '../present-access-key.ts'
import { presentBounds } from './present-bounds.ts'

type PresentedKey = ValueOf<typeof ApplicationKey>

/** Keys as the API shows them, with their last uses. */
export async function presentKeys(
  keys: readonly ListedKey[],
  service: ServiceContext,
): Promise<PresentedKey[]> {
  const ids = keys.flatMap(({ key, retiring }) => [
    key.accessKeyId,
    ...(retiring ? [retiring.accessKeyId] : []),
  ])
  const lastUses = await service.accessKeyUses.read(ids)
  return keys.map(({ key, retiring }) => ({
    ...presentKey(key, service.clock.now(), lastUses.get(key.accessKeyId) ?? null),
    ...(retiring && {
      retiringKey: presentRetirement(service, {
        ...retiring,
        status: key.status,
        lastUsed: lastUses.get(retiring.accessKeyId) ?? null,
      }),
    }),
  }))
}

/** What becomes of a key that was rotated; undefined where it is over, by a release that did not keep such keys. */
export function presentRetirement(
  service: ServiceContext,
  {
    accessKeyId,
    status,
    lastUsed,
    ...retirement
  }: Retirement &
    Pick<ApplicationCredential, 'accessKeyId' | 'status'> & { readonly lastUsed: LastUsedRecord | null },
): PresentedKey['retiringKey'] {
  const { since, until, idleMs, endedAt } = retirement
  const counts = isRetiring(retirement, service.clock.now())
  if (since === undefined && !counts) return undefined
  return {
    accessKeyId,
    status: counts ? status : 'Inactive',
    since,
    until,
    retireWhenIdleSeconds: idleMs === undefined ? undefined : idleMs / 1_000,
    retiredAt: endedAt,
    deletedAt: deletionOf(service, retirement),
    lastUsed: presentFullLastUse(lastUsed),
  }
}

/** An application key as the API shows it. */
export function presentKey(
  key: ApplicationCredential,
  nowMs: number,
  lastUsed: LastUsedRecord | null,
): PresentedKey {
  const { name, description, tags } = key
  return {
    name,
    description,
    ...presentAccessKey({ ...key, lastUsed }),
    lastUsed: presentFullLastUse(lastUsed),
    status: keyStatusOf(key, nowMs),
    ...presentBounds(key),
    tags,
  }
}
