import { CORS_ID_LENGTH_MAX } from '../../model/s3/shapes/cors.ts'
import type { CorsFault } from '../../service/cors/cors-rules.ts'
import type { S3ErrorForm } from '../s3-error.ts'

/** A fault in CORS rules in the words of S3, which people look up. */
export function corsErrorForm({ problem, value }: CorsFault): S3ErrorForm {
  const text = value.slice(0, 256)
  switch (problem) {
    case 'id-repeated':
      return invalid(`Rule ID must be unique. Found same ID for more than one rule: ${text}`)
    case 'id-too-long':
      return {
        code: 'InvalidArgument',
        message: `ID length should not exceed allowed limit of ${CORS_ID_LENGTH_MAX}`,
      }
    case 'method-unknown':
      return invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${text}`)
    case 'two-wildcards-in-origin':
      return invalid(`AllowedOrigin "${text}" can not have more than one wildcard.`)
    case 'two-wildcards-in-header':
      return invalid(`AllowedHeader "${text}" can not have more than one wildcard.`)
    case 'wildcard-in-exposed-header':
      return invalid(
        `ExposeHeader "${text}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      )
    case 'not-a-header':
      return invalid(`"${text}" is not the name of a header.`)
    case 'negative-age':
      return invalid(`MaxAgeSeconds must not be negative, got ${text}.`)
    case 'no-method':
    case 'no-origin':
      return { code: 'MalformedXML' }
    case 'too-large':
      return invalid(`The CORS configuration is too large: ${text} bytes.`)
  }
}

const invalid = (message: string): S3ErrorForm => ({ code: 'InvalidRequest', message })
