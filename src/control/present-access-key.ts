import type { AccessKey as AccessKeyShape, AccessKeyLastUsed } from '../model/lightsail/shapes/access-key.ts'
import type { ValueOf } from '../model/shape.ts'
import type { AccessKey } from '../service/access-keys/access-key.ts'

/** What the API writes where there was no use yet. */
const NEVER = 'N/A'

/** An access key as the API shows it; the secret is added by the one operation that shows it. */
export function presentAccessKey(key: AccessKey): ValueOf<typeof AccessKeyShape> {
  const { accessKeyId, status, createdAt, lastUsed } = key
  return {
    accessKeyId,
    status,
    createdAt,
    lastUsed: presentLastUse(lastUsed),
  }
}

/** A last use as the API shows it, also where there was none. */
export const presentLastUse = (lastUsed: AccessKey['lastUsed']): ValueOf<typeof AccessKeyLastUsed> =>
  lastUsed ?? { region: NEVER, serviceName: NEVER }
