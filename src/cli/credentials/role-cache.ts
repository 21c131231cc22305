import { readFileSync } from 'node:fs'
import { systemClock } from '../../base/clock.ts'
import { writePrivateFile } from '../../base/private-file.ts'
import { readJson } from '../../client/json/read.ts'
import { writeJson } from '../../client/json/write.ts'
import { isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import { expandPath } from '../config/expand-path.ts'
import type { Section } from '../../protocol/ini/parse-ini.ts'
import type { FoundCredentials } from './found-credentials.ts'
import { readExpiration } from './expiration.ts'
import { isoSeconds } from '../../base/iso-seconds.ts'

const FOLDER = '~/.aws/cli/cache'
/** What is about to end is asked for again. */
const EXPIRY_WINDOW_MS = 15 * 60 * 1000

/** A role as it is asked for; what is absent is not asked. The members are those of STS, whose names go into the name of the file. */
export interface AskedRole {
  readonly RoleArn: string
  readonly RoleSessionName?: string | undefined
  readonly ExternalId?: string | undefined
  readonly SerialNumber?: string | undefined
  readonly DurationSeconds?: number | undefined
}

/** The role that a profile asks for. */
export function roleOf(profile: Section): AskedRole {
  const text = (name: string): string | undefined => {
    const value = profile.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const isByToken = profile.has('web_identity_token_file')
  const duration = text('duration_seconds')
  return {
    RoleArn: text('role_arn') ?? '',
    RoleSessionName: text('role_session_name'),
    ...(isByToken
      ? {}
      : {
          ExternalId: text('external_id'),
          SerialNumber: text('mfa_serial'),
          DurationSeconds: /^[+-]?\d+$/.test(duration ?? '') ? Number(duration) : undefined,
        }),
  }
}

/**
 * The credentials of a role as the AWS CLI keeps them from one command to the next, in files that both read and write; `ask` gets new ones
 * where there are none, or not for long any more.
 */
export async function withRoleCache(
  role: AskedRole,
  env: NodeJS.ProcessEnv,
  ask: () => Promise<FoundCredentials>,
): Promise<FoundCredentials> {
  const path = expandPath(`${FOLDER}/${cacheKey(role)}.json`, env)
  const kept = readKept(path)
  if (kept !== undefined) return kept
  const found = await ask()
  keep(path, found)
  return found
}

/** As the AWS CLI makes it: the digest of the role as JSON in Python's form, with sorted members. */
function cacheKey(role: AskedRole): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const members = Object.entries(role)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `"${name}": ${writeJson(value as string | number, { isAscii: true })}`)
  return createHash('sha1')
    .update(`{${members.join(', ')}}`)
    .digest('hex')
}

function readKept(path: string): FoundCredentials | undefined {
  try {
    const kept = readJson(readFileSync(path, 'utf8'))
    const credentials = isRecord(kept) ? kept.get('Credentials') : undefined
    if (!isRecord(credentials)) return undefined
    const text = (name: string): string => {
      const value: WireValue | undefined = credentials.get(name)
      if (typeof value !== 'string') throw new TypeError(name)
      return value
    }
    const expiresAtMs = readExpiration(text('Expiration'))
    if (expiresAtMs - systemClock.now() < EXPIRY_WINDOW_MS) return undefined
    return {
      accessKeyId: text('AccessKeyId'),
      secretAccessKey: text('SecretAccessKey'),
      sessionToken: text('SessionToken'),
      expiresAtMs,
    }
  } catch {
    // Whatever cannot be read or is something else is no help; the role is asked for.
    return undefined
  }
}

function keep(path: string, found: FoundCredentials): void {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = found
  if (expiresAtMs === undefined || sessionToken === undefined) return
  const Credentials = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: isoSeconds(expiresAtMs),
  }
  try {
    writePrivateFile(path, JSON.stringify({ Credentials }))
  } catch {
    // A home that cannot be written to only makes the next command ask again.
  }
}
