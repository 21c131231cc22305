// The thread that digests large bodies: it takes the pieces of many bodies in turn, each in the order in which they come.
import { parentPort } from 'node:worker_threads'
import { BodyDigester } from './body-digester.ts'
import { loadHashes } from './wasm-hashes.ts'
import type { DigestResponse, DigestRequest } from './digest-messages.ts'

const port = parentPort
if (!port) throw new Error('the digest thread is started by the server, not by hand')

await loadHashes()

const digesters = new Map<number, BodyDigester>()

port.on('message', (request: DigestRequest) => {
  const { type, body } = request
  if (type === 'begin') return void digesters.set(body, new BodyDigester(request.options))
  const digester = digesters.get(body)
  if (!digester) return
  if (type === 'update') {
    digester.update(request.bytes)
    respond({ type: 'used', body })
    return
  }
  digesters.delete(body)
  if (type === 'finish') respond({ type: 'finished', body, digests: digester.finish() })
})

function respond(message: DigestResponse): void {
  port?.postMessage(message)
}
