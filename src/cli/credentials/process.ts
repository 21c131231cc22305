import { spawnSync } from 'node:child_process'
import { JsonError, readJson } from '../../client/json/read.ts'
import { displayText, quoted } from '../../client/python-text.ts'
import { isRecord } from '../../client/values.ts'
import type { WireRecord } from '../../client/values.ts'
import { splitShellWords } from '../config/shell-words.ts'
import type { FoundCredentials } from './found-credentials.ts'
import { CredentialError, retrievalError } from './credential-error.ts'
import { readExpiration } from './expiration.ts'

const PLACE = 'custom-process'
const OUTPUT_BYTES_MAX = 1024 * 1024

/** Why a program could not be started, in the words of the reference. */
const START_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: '[Errno 2] No such file or directory',
  EACCES: '[Errno 13] Permission denied',
}

/** Runs the command of `credential_process`, without a shell, and reads the credentials it prints. */
export function runCredentialProcess(command: string, env: NodeJS.ProcessEnv): FoundCredentials {
  const [program, ...args] = splitShellWords(command) ?? []
  if (program === undefined) throw retrievalError(PLACE, `credential_process is not a command: ${command}`)
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    env,
    stdio: ['inherit', 'pipe', 'pipe'],
    maxBuffer: OUTPUT_BYTES_MAX,
    encoding: 'utf8',
  })
  if (error !== undefined) {
    const reason = 'code' in error ? START_ERRORS[String(error.code)] : undefined
    throw reason === undefined
      ? retrievalError(PLACE, error.message)
      : new CredentialError(`${reason}: ${quoted(program)}`)
  }
  if (status !== 0) throw retrievalError(PLACE, stderr)
  const members = parseOutput(stdout)
  const version = members.get('Version') ?? '<Version key not provided>'
  if (version !== 1)
    throw retrievalError(
      PLACE,
      `Unsupported version '${displayText(version)}' for credential process provider, supported versions: 1`,
    )
  const expiration = members.get('Expiration') ?? null
  const token = members.get('SessionToken')
  return {
    accessKeyId: memberText(members, 'AccessKeyId'),
    secretAccessKey: memberText(members, 'SecretAccessKey'),
    ...(typeof token === 'string' ? { sessionToken: token } : {}),
    ...(expiration === null ? {} : { expiresAtMs: readExpiration(expiration) }),
  }
}

function parseOutput(output: string): WireRecord {
  try {
    const members = readJson(output)
    if (isRecord(members)) return members
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw retrievalError(PLACE, `its output is not JSON: ${error.message}`)
  }
  throw retrievalError(PLACE, 'its output is not a JSON object')
}

function memberText(members: WireRecord, name: string): string {
  const value = members.get(name)
  if (typeof value !== 'string') throw retrievalError(PLACE, `Missing required key in response: '${name}'`)
  return value
}
