import { EXPIRES_SECONDS_MAX } from '../../auth/parse-presigned-query.ts'
import { presignRequest } from '../../auth/presign-request.ts'
import { systemClock } from '../../base/clock.ts'
import { percentEncode, percentEncodePath } from '../../base/percent-encoding.ts'
import { UsageError } from '../usage-error.ts'
import { readObjectPlace } from './place.ts'
import type { ObjectRun } from './run-context.ts'

const EXPIRES_SECONDS_DEFAULT = 3600

/** `lugsail presign`: a URL that shows an object to whoever has it. Nothing is sent. */
export async function presign({
  words,
  options,
  report,
  region,
  endpoint,
  credentials,
}: ObjectRun): Promise<void> {
  const { bucketName, key } = readObjectPlace(words[0] ?? '')
  if (key === '') throw new UsageError(`s3://${bucketName} names no object`)
  if (credentials === null) throw new UsageError('a URL is signed; leave out --no-sign-request')
  const expiresSeconds =
    options.number('expiresIn', { name: '--expires-in', min: 1, max: EXPIRES_SECONDS_MAX }) ??
    EXPIRES_SECONDS_DEFAULT
  const base = new URL(
    endpoint ?? `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
  )
  const path = `${base.pathname.replace(/\/$/, '')}/${percentEncode(bucketName)}/${percentEncodePath(key)}`
  const target = presignRequest({
    method: 'GET',
    url: path,
    headers: { host: base.host },
    credentials,
    region,
    nowMs: systemClock.now(),
    expiresSeconds,
  })
  const url = base.origin + target
  report.entry('urls', url, { bucket: bucketName, key, url, expiresSeconds })
}
