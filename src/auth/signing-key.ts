import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey } from 'node:crypto'

/** A key that signs for one day, region and service; derived from a secret that it does not give away. */
export type SigningKey = KeyObject

export interface SigningScope {
  /** Eight digits, `20130524`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Derives the key that a secret access key signs with inside a scope. */
export function deriveSigningKey(secretAccessKey: string, scope: SigningScope): SigningKey {
  const dateKey = createHmac('sha256', `AWS4${secretAccessKey}`).update(scope.date).digest()
  const regionKey = createHmac('sha256', dateKey).update(scope.region).digest()
  const serviceKey = createHmac('sha256', regionKey).update(scope.service).digest()
  return createSecretKey(createHmac('sha256', serviceKey).update('aws4_request').digest())
}

/** The signature of a text of one character per byte: 64 lower-case hexadecimal digits. */
export function sign(key: SigningKey, text: string): string {
  return createHmac('sha256', key).update(text, 'latin1').digest('hex')
}

/** `20130524/us-east-1/s3/aws4_request` */
export function formatScope(scope: SigningScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}
