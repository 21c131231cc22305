import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect, rootCertificates } from 'node:tls'
import { SilenceError } from './connection.ts'
import type { TlsSettings } from './tls-settings.ts'

/**
 * Speaks TLS on an open connection. Rejects when the certificate does not hold, and with SilenceError when the other side falls silent.
 * @param silenceMsMax - 0: no limit.
 */
export async function openTls(
  socket: Socket,
  host: string,
  settings: TlsSettings,
  silenceMsMax: number,
): Promise<Socket> {
  const certificates = trustedCertificates(settings)
  return await new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      rejectUnauthorized: settings.isVerified,
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ...(certificates === undefined ? {} : { ca: certificates }),
    })
    secure.setTimeout(silenceMsMax)
    secure.once('timeout', () => reject(new SilenceError()))
    secure.once('secureConnect', () => {
      secure.removeListener('error', reject).removeAllListeners('timeout')
      secure.setTimeout(0)
      resolve(secure)
    })
    secure.once('error', reject)
  })
}

/** PEM texts to trust, or undefined for Node's own. */
export function trustedCertificates({ caBundlePath, extraCaPath }: TlsSettings): string[] | undefined {
  if (caBundlePath !== undefined) return [readFileSync(caBundlePath, 'utf8')]
  if (extraCaPath !== undefined) return [...rootCertificates, readFileSync(extraCaPath, 'utf8')]
  return undefined
}
