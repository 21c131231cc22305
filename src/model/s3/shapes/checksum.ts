import { enumeration, structure } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { StringValue } from './primitives.ts'

/** The checksums that S3 knows. */
export const ChecksumAlgorithm = enumeration(
  ['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'],
  {
    ignoresCase: true,
    otherValueMessage:
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]',
  },
)

/** Whether a checksum is over the whole object, or over the checksums of its parts. */
export const ChecksumType = enumeration(['COMPOSITE', 'FULL_OBJECT'], {
  ignoresCase: true,
  otherValueMessage: 'Value for x-amz-checksum-type header is invalid.',
})

/** Checksums as elements of a document. */
export const checksumElements = {
  ChecksumCRC32: StringValue,
  ChecksumCRC32C: StringValue,
  ChecksumCRC64NVME: StringValue,
  ChecksumSHA1: StringValue,
  ChecksumSHA256: StringValue,
  ChecksumSHA512: StringValue,
  ChecksumMD5: StringValue,
  ChecksumXXHASH64: StringValue,
  ChecksumXXHASH3: StringValue,
  ChecksumXXHASH128: StringValue,
}

/** Checksums as headers, of requests and of responses. */
export const checksumHeaders = {
  ChecksumCRC32: inHeader('x-amz-checksum-crc32', StringValue),
  ChecksumCRC32C: inHeader('x-amz-checksum-crc32c', StringValue),
  ChecksumCRC64NVME: inHeader('x-amz-checksum-crc64nvme', StringValue),
  ChecksumSHA1: inHeader('x-amz-checksum-sha1', StringValue),
  ChecksumSHA256: inHeader('x-amz-checksum-sha256', StringValue),
  ChecksumSHA512: inHeader('x-amz-checksum-sha512', StringValue),
  ChecksumMD5: inHeader('x-amz-checksum-md5', StringValue),
  ChecksumXXHASH64: inHeader('x-amz-checksum-xxhash64', StringValue),
  ChecksumXXHASH3: inHeader('x-amz-checksum-xxhash3', StringValue),
  ChecksumXXHASH128: inHeader('x-amz-checksum-xxhash128', StringValue),
}

/** What a client says about the body that it sends. */
export const bodyIntegrityHeaders = {
  ContentMD5: inHeader('content-md5', StringValue),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', ChecksumAlgorithm),
  ...checksumHeaders,
}

/** Asks for the checksum in the response. */
export const ChecksumMode = enumeration(['ENABLED'], { ignoresCase: true })

/** An object's checksums, in Base64. */
export const Checksum = structure({ ...checksumElements, ChecksumType }, { name: 'Checksum' })
