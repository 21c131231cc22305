import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProfileSection } from '../../protocol/ini/profile-text.ts'
import { DATA_FOLDER_DEFAULT } from '../../base/data-folder.ts'

/** What a client needs to reach a server of this machine. */
export interface ServerCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly endpointUrl: string
  /** The certificate that the server's own is to be checked with; undefined where programs know it. */
  readonly caBundle: string | undefined
}

/** Where to look: options that `use` and `env` share. */
export interface ServerCredentialsPlace {
  /** The server's data folder; else LUGSAIL_DATA, else `lugsail-data`. */
  readonly data?: string | undefined
  /** Which account's key pair; the first account's when absent. */
  readonly account?: string | undefined
}

/** The data folder that is meant where none is named. */
export const dataFolderAtHand = (environment: NodeJS.ProcessEnv): string =>
  environment['LUGSAIL_DATA'] ?? DATA_FOLDER_DEFAULT

/** Reads `DIR/credentials`, which `lugsail serve` writes at its first start. Throws an Error that says what to do. */
export function readServerCredentials(
  { data, account }: ServerCredentialsPlace,
  environment: NodeJS.ProcessEnv,
): ServerCredentials {
  const folder = data ?? dataFolderAtHand(environment)
  const path = join(folder, 'credentials')
  const section = account ?? 'default'
  const members = readProfileSection(readText(path), section)
  const [accessKeyId, secretAccessKey] = [
    members?.get('aws_access_key_id'),
    members?.get('aws_secret_access_key'),
  ]
  const [region, endpointUrl] = [members?.get('region'), members?.get('endpoint_url')]
  if (!accessKeyId || !secretAccessKey || !region || !endpointUrl) {
    throw new Error(
      account === undefined
        ? `${path} holds no key pair with region and endpoint_url; "lugsail account rotate default" makes a new one`
        : `${path} holds no key pair for the account ${account}; "lugsail account create ${account} --save" keeps a new account's there`,
    )
  }
  return { accessKeyId, secretAccessKey, region, endpointUrl, caBundle: members?.get('ca_bundle') }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new Error(
      `${path} cannot be read (${why}): "lugsail serve" writes this file at its first start; --data names the folder that it was given`,
      { cause: error },
    )
  }
}
