import { connect } from 'node:tls'

const PROBE_MS = 2_000

/** What to do about a connection that was not made or broke. */
export async function connectionHint({ message }: Error): Promise<string | undefined> {
  const url = /\bhttps?:\/\/[^\s"]+/.exec(message)?.[0]
  if (url === undefined || !URL.canParse(url)) return undefined
  const { host, hostname, port, protocol } = new URL(url)
  if (protocol === 'http:') {
    if (!message.startsWith('Connection was closed')) return undefined
    const speaksTls = await answersInTls(hostname.replace(/^\[|\]$/g, ''), Number(port) || 80)
    return speaksTls ? `${host} speaks TLS: the endpoint is https://${host}` : undefined
  }
  if (/wrong version number|packet length too long|http request/i.test(message))
    return `${host} does not speak TLS: the endpoint is http://${host}`
  if (/self[- ]signed|unable to (?:verify|get)|UNABLE_TO/i.test(message))
    return `the certificate of ${host} is of no authority that is known here; name the file of the one that signed it with --ca-bundle, or as ca_bundle in the profile, which "lugsail use" writes for a server on this machine`
  if (/altnames|hostname|IP address/i.test(message))
    return `the certificate of ${host} is for another name; use one of its names in the endpoint, or make one for this name (the server's setting public-url says which name clients use)`
  if (/expired|not yet valid/i.test(message))
    return `the certificate of ${host} does not count at the time of this clock (${new Date().toISOString()}): renew it, or set the clock`
  return undefined
}

/** Whether a handshake comes to an end there; whose certificate it is does not matter, since nothing is sent. */
function answersInTls(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: PROBE_MS })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('secureConnect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
