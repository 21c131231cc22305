import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { end, freePort, start, waitForResponse, type BenchmarkServer } from './server.ts'

export interface LugsailVariant {
  readonly name?: string
  /** Further options of `lugsail serve`. */
  readonly options?: readonly string[]
  /** The checkout whose build is run: this one, or another one to compare with. */
  readonly checkout?: string
  /** What its environment has besides. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where Node writes the CPU profile of the server's process when it ends. */
  readonly profileFolder?: string | undefined
}

/** Lugsail as a user runs it: the built executable on the embedded store. `npm run build` comes first. */
export const startLugsail =
  ({
    name = 'Lugsail',
    options = [],
    checkout = resolve(import.meta.dirname, '../..'),
    environment,
    profileFolder,
  }: LugsailVariant = {}) =>
  async (folder: string): Promise<BenchmarkServer> => {
    const data = join(folder, 'data')
    const port = await freePort()
    const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--log-level', 'warn', ...options]
    const child =
      profileFolder === undefined
        ? start(join(checkout, 'bin/lugsail'), args, { ...(environment && { env: environment }) })
        : start(process.execPath, [
            '--cpu-prof',
            `--cpu-prof-dir=${resolve(profileFolder)}`,
            join(checkout, 'dist/server/main.cjs'),
            ...args,
          ])
    await waitForResponse('127.0.0.1', port, child)
    const credentials = readFileSync(join(data, 'credentials'), 'utf8')
    const field = (key: string) => new RegExp(`^${key} *= *(\\S+)`, 'm').exec(credentials)?.[1] ?? ''
    const { version } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string }
    return {
      name,
      version,
      durability: 'synced before the response',
      host: '127.0.0.1',
      port,
      region: 'us-east-1',
      accessKeyId: field('aws_access_key_id'),
      secretAccessKey: field('aws_secret_access_key'),
      pids: child.pid === undefined ? [] : [child.pid],
      stop: () => end(child),
    }
  }
