import { LightsailClient } from '@aws-sdk/client-lightsail'
import { S3Client } from '@aws-sdk/client-s3'
import type { RunningServer } from './server.ts'

interface KeyPair {
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
}

/** The official client for the control plane, as the first account. Nothing is tried twice: a test sees the first response. */
export const lightsailClient = ({ endpoint, region, credentials }: RunningServer): LightsailClient =>
  new LightsailClient({ endpoint, region, credentials: { ...credentials }, maxAttempts: 1 })

/** The official client for S3, with the given access key or as the first account. */
export function s3Client(server: RunningServer, key: KeyPair = server.credentials): S3Client {
  const { accessKeyId = '', secretAccessKey = '' } = key
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
  })
}
