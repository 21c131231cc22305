import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { end, freePort, start, waitForResponse, type StartServer } from './server.ts'

const VERSION = '3.7.1'

/** s3rver from npm, installed into the run's own folder. It syncs nothing. */
export const startS3rver: StartServer = async (folder) => {
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  try {
    execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', folder, `s3rver@${VERSION}`])
  } catch {
    return { missing: 'npm could not install s3rver' }
  }
  const port = await freePort()
  const child = start(join(folder, 'node_modules/.bin/s3rver'), [
    '-d',
    data,
    '-a',
    '127.0.0.1',
    '-p',
    String(port),
    '-s',
  ])
  await waitForResponse('127.0.0.1', port, child)
  return {
    name: 's3rver',
    version: VERSION,
    durability: 'none: nothing is synced',
    host: '127.0.0.1',
    port,
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    pids: child.pid === undefined ? [] : [child.pid],
    stop: () => end(child),
  }
}
