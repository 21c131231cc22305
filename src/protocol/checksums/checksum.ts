import { crc32, crc32c } from '../../base/crc-32.ts'
import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import type { ChecksumAlgorithm } from './algorithms.ts'
import { WasmHash } from './wasm-hashes.ts'

/** A checksum of bytes that come piece by piece. */
export interface Checksum {
  update(bytes: Uint8Array): void
  /** The value, big-endian; called once, after the last byte. */
  digest(): Buffer
}

/** Begins a checksum. `loadHashes` (wasm-hashes.ts) has been awaited before. */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case 'CRC32':
      return new NativeCrc(crc32)
    case 'CRC32C':
      return new NativeCrc(crc32c)
    case 'CRC64NVME':
    case 'XXHASH64':
    case 'XXHASH3':
    case 'XXHASH128':
      return new WasmHash(algorithm)
    case 'SHA1':
    case 'SHA256':
    case 'SHA512':
    case 'MD5':
      return createHash(algorithm)
  }
}

/** The checksum of bytes that are all there, in base64 as the wire has it. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  const checksum: Checksum | Hash = createChecksum(algorithm)
  checksum.update(bytes)
  return checksum.digest().toString('base64')
}

class NativeCrc implements Checksum {
  readonly #extend: (bytes: Uint8Array, value: number) => number
  #value = 0

  constructor(extend: (bytes: Uint8Array, value: number) => number) {
    this.#extend = extend
  }

  update(bytes: Uint8Array): void {
    this.#value = this.#extend(bytes, this.#value)
  }

  digest(): Buffer {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(this.#value, 0)
    return bytes
  }
}
