import { CORS_BYTES_MAX, CORS_ID_LENGTH_MAX } from '../model/s3/shapes/cors.ts'
import type { CorsFault } from '../service/cors/cors-rules.ts'

/** A fault as Lightsail's API is told of it: where in the input it is, and what is wrong. */
export function describeCorsFault({ problem, index, value }: CorsFault): string {
  const where = `cors.rules[${index}]`
  const got = JSON.stringify(value.slice(0, 100))
  switch (problem) {
    case 'id-repeated':
      return `${where}.id repeats ${got}`
    case 'id-too-long':
      return `${where}.id has at most ${CORS_ID_LENGTH_MAX} characters; got ${value.length}`
    case 'method-unknown':
      return `${where}.allowedMethods takes GET, PUT, HEAD, POST and DELETE; got ${got}`
    case 'no-method':
      return `${where}.allowedMethods is empty`
    case 'no-origin':
      return `${where}.allowedOrigins is empty`
    case 'two-wildcards-in-origin':
      return `${where}.allowedOrigins takes one * in a value; got ${got}`
    case 'two-wildcards-in-header':
      return `${where}.allowedHeaders takes one * in a value; got ${got}`
    case 'not-a-header':
      return `${where} takes names of headers; got ${got}`
    case 'wildcard-in-exposed-header':
      return `${where}.exposeHeaders takes no wildcard; got ${got}`
    case 'negative-age':
      return `${where}.maxAgeSeconds is below 0`
    case 'too-large':
      return `The CORS configuration has at most ${CORS_BYTES_MAX} bytes; this one has ${value}`
  }
}
