import { isLoopbackHost } from '../../base/loopback.ts'
import { SKEW_MS_MAX } from '../../auth/clock-skew.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { TlsSettings } from '../../client/http/tls-settings.ts'
import { connectionHint } from '../hints/connection.ts'
import { findingsOf, type Finding } from './finding.ts'
import { probe, type ProbeResponse } from './probe.ts'

const SKEW_MS_NOTED = 60_000
const CERTIFICATE_DAYS_NOTED = 14

/** Endpoint, TLS, clock and addressing, as far as an unsigned request tells. */
export async function examineServer(endpoint: string, tls: TlsSettings): Promise<Finding[]> {
  const { ok, bad } = findingsOf('endpoint')
  const url = new URL(endpoint)
  let response: ProbeResponse
  try {
    response = await probe(new URL('/-/ready', url), tls)
  } catch (error) {
    return [bad(`${endpoint} does not answer (${reasonOf(error)})`, await adviceFor(endpoint, error))]
  }
  const isLugsail = response.status === 200 && response.text === 'ok\n'
  const found = isLugsail
    ? ok(`${endpoint} is a Lugsail server that is ready`)
    : response.status === 503
      ? bad(`${endpoint} answers: ${response.text.trim()}`, "the server's log says why")
      : bad(
          `${endpoint} answers, but is no Lugsail server (${response.status} to /-/ready)`,
          'look at the port, and at proxies in front of it',
        )
  return [
    found,
    examineTls(url, response),
    examineClock(response),
    ...(isLugsail ? [await examineAddressing(url, tls)] : []),
  ]
}

async function adviceFor(endpoint: string, error: unknown): Promise<string> {
  const reason = reasonOf(error)
  if (/ECONNREFUSED/.test(reason))
    return 'nothing listens there; start the server ("lugsail serve"), or correct the port'
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return 'its host has no address; correct the name'
  const message = endpoint.startsWith('http:')
    ? `Connection was closed ${endpoint}`
    : `SSL validation failed for ${endpoint} ${reason}`
  return (await connectionHint(new Error(message))) ?? 'look at the address, the network and its firewalls'
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return error.message === '' ? code : error.message
}

function examineTls(url: URL, { certificateUntil }: ProbeResponse): Finding {
  const { ok, bad } = findingsOf('tls')
  if (certificateUntil === null)
    return isLoopbackHost(url.hostname)
      ? ok('none, which is fine on one machine')
      : bad('none, and the server is on another machine', 'give the server --tls-cert and --tls-key')
  const days = Math.floor((certificateUntil - Date.now()) / DAY_MS)
  const until = `the certificate counts until ${new Date(certificateUntil).toISOString().slice(0, 10)}`
  return days < CERTIFICATE_DAYS_NOTED ? bad(until, 'renew it; SIGHUP makes the server read it') : ok(until)
}

function examineClock({ clockAheadMs }: ProbeResponse): Finding {
  const { ok, bad } = findingsOf('clock')
  if (clockAheadMs === null)
    return bad('the server does not say what time it is', 'look at proxies in front of it')
  const apartMs = Math.abs(clockAheadMs)
  // A date of HTTP has whole seconds.
  if (apartMs < SKEW_MS_NOTED) return ok("this machine's and the server's agree")
  const found = `this machine's is ${Math.round(apartMs / 1000)} s ${clockAheadMs > 0 ? 'behind' : 'ahead of'} the server's`
  return bad(
    found,
    `set the one that is wrong${apartMs > SKEW_MS_MAX ? '; signatures do not count' : `, before signatures stop to count at ${SKEW_MS_MAX / 60_000} minutes`}`,
  )
}

/** Under a domain of the server's, a host of a bucket has no reserved paths. */
async function examineAddressing(url: URL, tls: TlsSettings): Promise<Finding> {
  const { ok, bad } = findingsOf('addressing')
  const name = url.hostname
  const onlyPaths = 'buckets are paths (path-style), as "lugsail use" tells clients'
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return ok(onlyPaths)
  const bucketHost = `lugsail-doctor.${name}`
  const { status } = await probe(new URL('/-/ready', url), { ...tls, isVerified: false }, bucketHost)
  if (status === 200 || status === 503) return ok(onlyPaths)
  try {
    await lookup(bucketHost)
    return ok(`buckets are paths, and hosts under ${name}`)
  } catch {
    return bad(
      `buckets may be hosts under ${name}, but such hosts have no address`,
      `add *.${name} to the DNS, or let clients use path-style addresses`,
    )
  }
}
