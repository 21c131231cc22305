import type { BenchmarkServer } from './server.ts'

const FORM = /^([^=]+)=(http:\/\/[^,]+),([^,]+),([^,]+)(?:,([1-9]\d*))?$/

/**
 * `NAME=ENDPOINT,KEY,SECRET[,PID]`: a server that somebody else started. With the id of its process, what that and its descendants use of processor and memory is measured. Throws with the
 * form that was expected; the message has no secret.
 */
export function peer(text: string): BenchmarkServer {
  const [, name = '', endpoint = '', accessKeyId = '', secretAccessKey = '', pid] = FORM.exec(text) ?? []
  if (name === '')
    throw new Error(
      `--peer: expected NAME=http://HOST:PORT,KEY,SECRET[,PID], got ${text.split('=')[0] ?? ''}=…`,
    )
  const { hostname, port } = new URL(endpoint)
  return {
    name,
    version: 'as found',
    durability: 'not known here',
    host: hostname,
    port: Number(port || 80),
    region: 'us-east-1',
    accessKeyId,
    secretAccessKey,
    pids: pid === undefined ? [] : [Number(pid)],
    stop: () => Promise.resolve(),
  }
}
