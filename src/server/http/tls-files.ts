import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigurationError } from '../configuration/errors.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** Reads both files and sees whether they can be used, alone and together. Throws ConfigurationError naming the setting and the file. */
export function readTlsFiles(files: TlsFiles): { cert: Buffer; key: Buffer } {
  const cert = readFile('tlsCert', files.cert)
  const key = readFile('tlsKey', files.key)
  check({ cert }, `tlsCert: ${files.cert} holds no certificate in PEM that can be used`)
  check({ key }, `tlsKey: ${files.key} holds no private key in PEM that can be used without a passphrase`)
  check({ cert, key }, `tlsKey: ${files.key} does not hold the key of the certificate in ${files.cert}`)
  return { cert, key }
}

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
