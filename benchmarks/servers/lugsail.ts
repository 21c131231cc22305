import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { end, freePort, start, waitForAnswer, type BenchmarkServer } from './server.ts'

/** Lugsail as a user runs it: the built executable on the embedded store. `npm run build` comes first. */
export const startLugsail =
  (name = 'Lugsail', options: readonly string[] = []) =>
  async (folder: string): Promise<BenchmarkServer> => {
    const data = join(folder, 'data')
    const port = await freePort()
    const executable = resolve(import.meta.dirname, '../../bin/lugsail')
    const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--log-level', 'warn', ...options]
    const child = start(executable, args)
    await waitForAnswer('127.0.0.1', port, child)
    const credentials = readFileSync(join(data, 'credentials'), 'utf8')
    const field = (key: string) => new RegExp(`^${key} *= *(\\S+)`, 'm').exec(credentials)?.[1] ?? ''
    const { version } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string }
    return {
      name,
      version,
      durability: 'synced before the answer',
      host: '127.0.0.1',
      port,
      region: 'us-east-1',
      accessKeyId: field('aws_access_key_id'),
      secretAccessKey: field('aws_secret_access_key'),
      pids: child.pid === undefined ? [] : [child.pid],
      stop: () => end(child),
    }
  }
