import { isFault } from '../fault.ts'
import { REGIONS, isRegion } from '../../model/region.ts'
import { getBuckets } from '../../model/lightsail/get-buckets.ts'
import { isList } from '../../client/values.ts'
import { createClient, type ClientPlan, type Session } from '../session.ts'
import { similarChoices } from '../grammar/invalid-choice.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Whether the region is one. */
export function examineRegion(region: string): Finding {
  const { ok, bad } = findingsOf('region')
  if (isRegion(region)) return ok(region)
  const [near] = similarChoices(region, REGIONS)
  return bad(
    `there is no region ${region}`,
    near === undefined ? `there are ${REGIONS.join(', ')}` : `did you mean ${near}?`,
  )
}

/** Whether the server takes the key: asks for the account's buckets. */
export async function examineKey(session: Session, plan: ClientPlan): Promise<Finding> {
  const { ok, bad } = findingsOf('key')
  let accessKeyId: string
  try {
    const credentials = plan.credentials()
    if (credentials === null) return bad('requests are not signed', 'leave out --no-sign-request')
    ;({ accessKeyId } = credentials)
  } catch (error) {
    if (isFault(error)) throw error
    return bad(messageOf(error), 'lugsail use && export AWS_PROFILE=lugsail')
  }
  try {
    const client = await createClient(session, { ...plan, attemptsMax: 1 })
    const buckets = (await client.call(getBuckets, new Map())).get('buckets')
    const count = isList(buckets) ? buckets.length : 0
    return ok(
      `${accessKeyId} is an account's; ${count === 0 ? 'no buckets' : `${count} bucket${count === 1 ? '' : 's'}`} on the first page`,
    )
  } catch (error) {
    if (isFault(error)) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'AccessDeniedException')
      return bad(
        `${accessKeyId} is the key of a bucket or a resource`,
        "it opens objects through S3; buckets and keys need the account's root key",
      )
    const hint = error instanceof Error && 'hint' in error ? error.hint : undefined
    return bad(`${accessKeyId}: ${messageOf(error)}`, typeof hint === 'string' ? hint : 'lugsail use')
  }
}

/** Of an error of the service, what it says; the call is this check's own. */
const messageOf = (error: unknown): string =>
  error instanceof Error
    ? error.message.replace(/^An error occurred \(\w+\) when calling the \w+ operation: /, '')
    : String(error)
