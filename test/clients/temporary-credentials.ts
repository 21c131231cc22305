import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GO, JAVA, JAVASCRIPT, PYTHON, type ClientProgram } from './programs.ts'

/** The ways in which a client comes by credentials that end, in the order of the page. */
export const WAYS = {
  'role-environment': '`role_arn` and `source_profile` of a profile, with `AWS_ENDPOINT_URL`',
  'role-variables':
    '`role_arn` and `source_profile` of a profile, with `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_STS`',
  'role-profile': '`role_arn` and `source_profile` of a profile, with `endpoint_url` of the profile',
  'role-services':
    '`role_arn` and `source_profile` of a profile, with `endpoint_url` of `s3` and `sts` in a `services` section',
  'web-identity': '`AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, with `AWS_ENDPOINT_URL`',
  'web-identity-variables':
    '`AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, with `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_STS`',
  'web-identity-profile': '`web_identity_token_file` and `role_arn` of a profile, with its `endpoint_url`',
  process: '`credential_process = lugsail credentials --role`, asked again before they end',
  environment: 'those of GetSessionToken, in the environment',
} as const

export type Way = keyof typeof WAYS

/** A client that finds its credentials itself. */
export interface TemporaryCredentialsClient {
  readonly name: string
  readonly language: string
  readonly version: string
  /** Program and first arguments; the bucket, and "renewed" or "kept", follow. */
  readonly command: readonly [string, ...string[]]
  /** File that exists once the program can be run. */
  readonly installed: string
  /** Ways that this client does not know, each with the reason. */
  readonly without: Partial<Readonly<Record<Way, string>>>
  /** Whether it is told the endpoint, since it reads none from settings. */
  readonly isToldEndpoint: boolean
}

const HERE = 'test/clients'

/** boto3 reads endpoints from settings since 1.28. */
const NO_ENDPOINT_OF_STS = 'it reads no endpoint from settings, and asks Amazon’s STS'
const OLDEST = {
  isToldEndpoint: true,
  without: {
    'role-environment': NO_ENDPOINT_OF_STS,
    'role-variables': NO_ENDPOINT_OF_STS,
    'role-profile': NO_ENDPOINT_OF_STS,
    'role-services': NO_ENDPOINT_OF_STS,
    'web-identity': NO_ENDPOINT_OF_STS,
    'web-identity-variables': NO_ENDPOINT_OF_STS,
    'web-identity-profile': NO_ENDPOINT_OF_STS,
  },
}

/** It settles the endpoint of all services after the credentials. */
const NO_COMMON_ENDPOINT = 'for STS it reads only an endpoint of STS'
const COMMON_ENDPOINT_LATE = {
  without: {
    'role-environment': NO_COMMON_ENDPOINT,
    'role-profile': NO_COMMON_ENDPOINT,
    'web-identity': NO_COMMON_ENDPOINT,
    'web-identity-profile': NO_COMMON_ENDPOINT,
  },
}

/** The clients that are tried with credentials that end, in the order of the page. */
export const TEMPORARY_CREDENTIALS_CLIENTS: readonly TemporaryCredentialsClient[] = [
  python('oldest', OLDEST),
  python('newest'),
  client(
    JAVASCRIPT,
    'AWS SDK for JavaScript v3',
    ['node', join(HERE, 'javascript/temporary-credentials.mjs')],
    join(HERE, 'javascript/node_modules/@aws-sdk/s3-request-presigner'),
  ),
  client(
    GO,
    'AWS SDK for Go v2',
    [join(HERE, 'go/target/programs'), 'temporary-credentials'],
    join(HERE, 'go/target/programs'),
    COMMON_ENDPOINT_LATE,
  ),
  java('aws-v2-newest'),
]

/** Whether its program is on this machine. */
export const isThere = ({ installed }: TemporaryCredentialsClient): boolean => existsSync(installed)

/** The ways that a client goes, in order. */
export const waysOf = ({ without }: TemporaryCredentialsClient): readonly Way[] =>
  (Object.keys(WAYS) as Way[]).filter((way) => without[way] === undefined)

function client(
  programs: readonly ClientProgram[],
  name: string,
  command: TemporaryCredentialsClient['command'],
  installed: string = command[0],
  differences: Partial<Pick<TemporaryCredentialsClient, 'without' | 'isToldEndpoint'>> = {},
): TemporaryCredentialsClient {
  const known = programs.find((program) => program.name.startsWith(name))
  if (known === undefined) throw new Error(`no program is called ${name}`)
  const { language, version } = known
  return { name, language, version, command, installed, without: {}, isToldEndpoint: false, ...differences }
}

function python(environment: 'oldest' | 'newest', differences = {}): TemporaryCredentialsClient {
  const interpreter = join(HERE, 'python/venv', environment, 'bin/python')
  const program = join(HERE, 'python/temporary_credentials.py')
  const ofEnvironment = PYTHON.filter(({ installed }) => installed === interpreter)
  return client(ofEnvironment, 'boto3', [interpreter, program], interpreter, differences)
}

function java(folder: string): TemporaryCredentialsClient {
  const libraries = join(HERE, 'java', folder, 'target/lib')
  const ofFolder = JAVA.filter(({ installed }) => installed === join(libraries, 'steps.jar'))
  const program = [
    'java',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(libraries, '*'),
    'TemporaryCredentials',
  ] as const
  return client(ofFolder, 'AWS SDK for Java v2', [...program], join(libraries, 'steps.jar'))
}
