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
  const script = await import('./script-hashes.ts')
  return { sign: async (text) => Uint8Array.from(script.hmac(script.sha256, secret, utf8(text))) }
}

/** SHA-256. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  if (hasWebCrypto()) return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const script = await import('./script-hashes.ts')
  return Uint8Array.from(script.sha256(bytes))
}

/** SHA-256 in hexadecimal. */
export const sha256Hex = async (bytes: Bytes): Promise<string> => hex(await sha256(bytes))
