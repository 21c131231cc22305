import { isIPv4 } from 'node:net'

const CHARACTERS = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
/** Each label of a name with dots must do as a label of a host. */
const BROKEN_LABEL = /\.\.|\.-|-\./
const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-']
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3']

/** Whether S3 takes the name for a new general purpose bucket: 3–63 of lower-case letters, digits, dots and hyphens, and not an IP address. */
export function isS3BucketName(name: string): boolean {
  return (
    CHARACTERS.test(name) &&
    !BROKEN_LABEL.test(name) &&
    !isIPv4(name) &&
    !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
    !RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix))
  )
}
