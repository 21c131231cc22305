import { createReadStream, openSync, readFileSync, statSync, writeSync, closeSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

const [port, folder] = process.argv.slice(2)
const SMALL_BYTES_MAX = 64 * 1024
const small = new Map<string, Buffer>()

/** One file per path, written by PUT the first time only, so that GET reads what a client stored before the clock started. */
const fileOf = (path: string) => join(folder ?? '.', path.replaceAll('/', '_').replace(/\?.*$/, ''))

createServer((request, response) => {
  const file = fileOf(request.url ?? '/')
  if (request.method === 'GET' || request.method === 'HEAD') {
    const bytes = small.get(file)
    if (bytes) {
      response.setHeader('content-length', bytes.length)
      response.end(request.method === 'HEAD' ? undefined : bytes)
      return
    }
    const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size
    response.statusCode = sizeBytes === undefined ? 404 : 200
    response.setHeader('content-length', sizeBytes ?? 0)
    if (sizeBytes === undefined || request.method === 'HEAD') response.end()
    else pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), response, () => {})
    return
  }
  const isNew = statSync(file, { throwIfNoEntry: false }) === undefined
  const target = isNew ? openSync(file, 'w') : null
  request.on('data', (bytes: Buffer) => {
    if (target !== null) writeSync(target, bytes)
  })
  request.on('end', () => {
    if (target !== null) {
      closeSync(target)
      if (statSync(file).size <= SMALL_BYTES_MAX) small.set(file, readFileSync(file))
    }
    response.setHeader('content-length', 0)
    response.end()
  })
}).listen(Number(port), '127.0.0.1')
