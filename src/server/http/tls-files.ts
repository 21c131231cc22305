import { readFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContextOptions } from 'node:tls'
import { ConfigurationError } from '../configuration/errors.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** A certificate with its key, and how they are used: what `createServer` and `setSecureContext` take. */
export interface TlsIdentity extends SecureContextOptions {
  readonly cert: Buffer
  readonly key: Buffer
}

/**
 * Key exchange that keeps what was recorded secret when the certificate's key is lost, and encryption that is authenticated: no RSA key exchange, no
 * CBC. Every client of 2015 and later has one of them.
 */
const TLS_RULES = {
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const satisfies SecureContextOptions

/** Reads both files and sees whether they can be used, alone and together. Throws ConfigurationError naming the setting and the file. */
export function readTlsFiles(files: TlsFiles): TlsIdentity {
  const cert = readFile('tlsCert', files.cert)
  const key = readFile('tlsKey', files.key)
  check({ cert }, `tlsCert: ${files.cert} holds no certificate in PEM that can be used`)
  check({ key }, `tlsKey: ${files.key} holds no private key in PEM that can be used without a passphrase`)
  check({ cert, key }, `tlsKey: ${files.key} does not hold the key of the certificate in ${files.cert}`)
  return { ...TLS_RULES, cert, key }
}

/** When a chain of certificates can be used: from the latest beginning to the earliest end of those in it, in epoch milliseconds. */
export function validityOf(chain: Buffer): { readonly from: number; readonly until: number } {
  const certificates = chain.toString('latin1').match(PEM_CERTIFICATE) ?? []
  const dates = certificates.map((pem) => new X509Certificate(pem))
  return {
    from: Math.max(...dates.map(({ validFrom }) => Date.parse(validFrom))),
    until: Math.min(...dates.map(({ validTo }) => Date.parse(validTo))),
  }
}

/** Whether a chain ends with a certificate that signed itself and that no program trusts of its own: clients must be given it. */
export function endsInOwnAuthority(chain: Buffer): boolean {
  const last = chain.toString('latin1').match(PEM_CERTIFICATE)?.at(-1)
  if (last === undefined) return false
  const root = new X509Certificate(last)
  return (
    root.verify(root.publicKey) &&
    !rootCertificates.some((pem) => new X509Certificate(pem).fingerprint256 === root.fingerprint256)
  )
}

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

function readFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ConfigurationError(`${setting}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function check(options: { readonly cert?: Buffer; readonly key?: Buffer }, whatIsWrong: string): void {
  try {
    createSecureContext(options)
  } catch (error) {
    // The library's own words say nothing about which file it was, and the cause goes to the log.
    throw new ConfigurationError(whatIsWrong, { cause: error })
  }
}
