import type { S3Call } from '../call.ts'

/** The URL of the addressed object, as the client reached this server. */
export function objectLocation(call: S3Call): string {
  const scheme = call.access.request.sender.isSecure ? 'https' : 'http'
  return `${scheme}://${call.headers.host ?? ''}${call.address.rawPath}`
}
