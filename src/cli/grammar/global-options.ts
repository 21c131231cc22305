import type { Argument, ArgumentValue } from './argument.ts'

/** An option that every command takes. */
export interface GlobalOption extends Argument {
  readonly doc: string
}

const COLORS = ['on', 'off', 'auto'] as const
/** When output is coloured. */
export type ColorChoice = (typeof COLORS)[number]

/** The options that every command takes, anywhere on the line. Their order decides how an ambiguous prefix is reported. */
export const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  {
    name: '--debug',
    key: 'debug',
    takes: 'flag',
    constant: true,
    doc: 'Tells on standard error what is done: settings and where they come from, requests, responses, retries. Secrets are never shown.',
  },
  {
    name: '--endpoint-url',
    key: 'endpointUrl',
    takes: 'one',
    doc: "The server to call, as http://host:port or https://host. Without it the settings decide, and without those it is Amazon's own for the region.",
  },
  {
    name: '--no-verify-ssl',
    key: 'verifySsl',
    takes: 'flag',
    constant: false,
    doc: 'Accepts any TLS certificate.',
  },
  {
    name: '--no-paginate',
    key: 'paginate',
    takes: 'flag',
    constant: false,
    doc: 'Makes one call only, for the first page.',
  },
  {
    name: '--output',
    key: 'output',
    takes: 'one',
    choices: ['json', 'text', 'table'],
    alsoTakes: ['yaml', 'yaml-stream', 'off'],
    doc: 'How the output is written: json, text, table, yaml, yaml-stream or off. The default is json, or the setting output.',
  },
  { name: '--query', key: 'query', takes: 'one', doc: 'A JMESPath expression that picks from the output.' },
  { name: '--profile', key: 'profile', takes: 'one', doc: 'The profile of the AWS config files to use.' },
  { name: '--region', key: 'region', takes: 'one', doc: 'The region to call, over the one of the settings.' },
  {
    name: '--color',
    key: 'color',
    takes: 'one',
    choices: COLORS,
    doc: 'Colours in tables: on, off, or auto (on a terminal only), which is the default.',
  },
  {
    name: '--no-sign-request',
    key: 'signRequest',
    takes: 'flag',
    constant: false,
    doc: 'Sends requests without a signature; credentials are not looked for.',
  },
  {
    name: '--ca-bundle',
    key: 'caBundle',
    takes: 'one',
    doc: 'A PEM file of the certificates to trust for TLS, over the one of the settings.',
  },
  {
    name: '--cli-read-timeout',
    key: 'readTimeout',
    takes: 'one',
    doc: 'Seconds to wait for a response; 0 waits for ever. The default is 60.',
  },
  {
    name: '--cli-connect-timeout',
    key: 'connectTimeout',
    takes: 'one',
    doc: 'Seconds to wait for a connection; 0 waits for ever. The default is 60.',
  },
  {
    name: '--v2-debug',
    key: 'v2Debug',
    takes: 'flag',
    constant: true,
    doc: 'Taken for the sake of habit: nothing here changes between versions of the AWS CLI.',
  },
  {
    name: '--version',
    key: 'version',
    takes: 'flag',
    constant: true,
    endsParsing: true,
    doc: 'Shows the version.',
  },
  {
    name: '--help',
    key: 'help',
    takes: 'flag',
    constant: true,
    liftsRequirements: true,
    doc: 'Shows help for what is typed.',
  },
  ...habit('--no-cli-pager', 'no output is paged'),
  ...habit('--cli-auto-prompt', 'nothing prompts'),
  ...habit('--no-cli-auto-prompt', 'nothing prompts'),
  {
    name: '--cli-binary-format',
    key: 'binaryFormat',
    takes: 'one',
    choices: ['base64', 'raw-in-base64-out'],
    isWhole: true,
    doc: 'An option of AWS CLI version 2 that changes nothing: no parameter is binary.',
  },
]

/** A flag of AWS CLI version 2 that is taken and changes nothing. */
function habit(name: string, why: string): GlobalOption[] {
  const doc = `An option of AWS CLI version 2 that changes nothing: ${why}.`
  return [{ name, key: name, takes: 'flag', constant: true, isWhole: true, doc }]
}

/** The global options as typed; absent ones are undefined. */
export interface GlobalValues {
  readonly isDebug: boolean
  readonly endpointUrl?: string | undefined
  readonly isTlsVerified: boolean
  readonly isPaginated: boolean
  readonly output?: string | undefined
  readonly query?: string | undefined
  readonly profile?: string | undefined
  readonly region?: string | undefined
  readonly color: ColorChoice
  readonly isSigned: boolean
  readonly caBundle?: string | undefined
  readonly readTimeout?: string | undefined
  readonly connectTimeout?: string | undefined
}

/** The global options as the rest of the program wants them; what was not typed has its default. */
export function globalValues(values: ReadonlyMap<string, ArgumentValue>): GlobalValues {
  const text = (key: string): string | undefined => {
    const value = values.get(key)
    return typeof value === 'string' ? value : undefined
  }
  return {
    isDebug: values.get('debug') === true,
    endpointUrl: text('endpointUrl'),
    isTlsVerified: values.get('verifySsl') !== false,
    isPaginated: values.get('paginate') !== false,
    output: text('output'),
    query: text('query'),
    profile: text('profile'),
    region: text('region'),
    color: COLORS.find((choice) => choice === text('color')) ?? 'auto',
    isSigned: values.get('signRequest') !== false,
    caBundle: text('caBundle'),
    readTimeout: text('readTimeout'),
    connectTimeout: text('connectTimeout'),
  }
}
