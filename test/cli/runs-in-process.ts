import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../../src/testing/index.ts'
import type { CommandRuns } from './command-runs.ts'
import { executeInProcess } from './run-in-process.ts'

/** The command and the server in this process: a data folder holds the credentials file, as a server writes it, and an audit log in which nothing is. */
export const runsInProcess: CommandRuns = {
  withoutProcess: 'needs processes of their own',
  startServer: async () => {
    const server = await startServer()
    const dataFolder = mkdtempSync(join(tmpdir(), 'lugsail-data-'))
    const { endpoint, region, credentials } = server
    writeFileSync(
      join(dataFolder, 'credentials'),
      `[default]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\nregion = ${region}\nendpoint_url = ${endpoint}\n`,
      { mode: 0o600 },
    )
    writeFileSync(join(dataFolder, 'audit.log'), '')
    return {
      endpoint,
      region,
      credentials,
      dataFolder,
      log: () => '',
      stop: async () => {
        await server.close()
        rmSync(dataFolder, { recursive: true })
      },
    }
  },
  lugsail: async (args, { cwd, env }) => {
    const { exitCode, stdout, stderr } = await executeInProcess(args, { cwd, env, stdin: '' })
    return { status: exitCode, stdout, stderr }
  },
}
