import type { AccessKey as AccessKeyShape, AccessKeyLastUsed } from '../model/lightsail/shapes/access-key.ts'
import type { ApplicationKeyLastUsed } from '../model/lugsail/access-key-shapes.ts'
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

/** A last use as Lightsail's API shows it, also where there was none. */
function presentLastUse(lastUsed: AccessKey['lastUsed']): ValueOf<typeof AccessKeyLastUsed> {
  if (!lastUsed) return { region: NEVER, serviceName: NEVER }
  const { lastUsedDate, region, serviceName } = lastUsed
  return { lastUsedDate, region, serviceName }
}

/** A last use as Lugsail's own API shows it, with operation, address and agent. */
export const presentFullLastUse = (lastUsed: AccessKey['lastUsed']): ValueOf<typeof ApplicationKeyLastUsed> =>
  lastUsed ?? { region: NEVER, serviceName: NEVER }
