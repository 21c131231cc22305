// The two functions that signatures are made of. Browsers have them only in secure contexts (https, localhost); elsewhere a script does them.
import { hex, utf8 } from './bytes.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A secret that authenticates texts, and need not be readable. */
export interface HmacKey {
  /** HMAC-SHA-256 of a text. */
  readonly sign: (text: string) => Promise<Bytes>
}

/** Whether secrets can be kept where no script reads them. */
export const hasWebCrypto = (): boolean => (globalThis.crypto as Partial<Crypto>).subtle !== undefined

/** The secret as a key: with WebCrypto it cannot be read back. */
export async function hmacKey(secret: Bytes): Promise<HmacKey> {
  if (hasWebCrypto()) {
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ])
    return { sign: async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))) }
  }
  const { hmac, sha256 } = await import('./script-hashes.ts')
  return { sign: async (text) => Uint8Array.from(hmac(sha256, secret, utf8(text))) }
}

/** SHA-256 in hexadecimal. */
export async function sha256Hex(bytes: Bytes): Promise<string> {
  if (hasWebCrypto()) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const { sha256 } = await import('./script-hashes.ts')
  return hex(sha256(bytes))
}
