import { REDIRECT_LENGTH_MAX, USER_METADATA_BYTES_MAX } from '../../model/s3/shapes/object-headers.ts'
import type { EncryptionRequest } from '../encryption/encryption-request.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { ObjectDescription } from '../records/object.ts'

/** What an object will have besides its bytes; without `retention` the bucket's default, if it has one. */
export interface ObjectAttributes extends ObjectDescription {
  /** Absent: the bucket's default encryption, if it has one. */
  readonly encryption?: EncryptionRequest
}

/**
 * Gives the attributes back that a request asks for when an object may have them, in whichever way it is made; asked before its bytes are taken in.
 * What a copy takes over from its source is not asked for. Throws `MetadataTooLarge` and `InvalidRedirectLocation`.
 */
export function checkAttributes(attributes: ObjectAttributes): ObjectAttributes {
  checkMetadata(attributes.userMetadata)
  if (attributes.websiteRedirectLocation !== undefined)
    checkRedirectLocation(attributes.websiteRedirectLocation)
  return attributes
}

function checkMetadata(metadata: ObjectAttributes['userMetadata']): void {
  let sizeBytes = 0
  for (const [name, value] of Object.entries(metadata)) sizeBytes += name.length + Buffer.byteLength(value)
  if (sizeBytes > USER_METADATA_BYTES_MAX)
    throw new DomainError('MetadataTooLarge', { sizeBytes, sizeBytesMax: USER_METADATA_BYTES_MAX })
}

function checkRedirectLocation(location: string): void {
  const lengthMax = REDIRECT_LENGTH_MAX
  if (!/^(?:https?:\/)?\//.test(location))
    throw new DomainError('InvalidRedirectLocation', { problem: 'form', lengthMax })
  if (location.length > lengthMax)
    throw new DomainError('InvalidRedirectLocation', { problem: 'length', lengthMax })
}
