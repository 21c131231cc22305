import { RETRY_MODES } from '../../client/retry/policy.ts'
import type { RetryMode } from '../../client/retry/policy.ts'
import { parseInteger } from '../arguments/numbers.ts'
import type { ConfigFiles } from './config-files.ts'
import type { Section } from '../../protocol/ini/parse-ini.ts'

/** The version of Lightsail's API, as the reference numbers it. */
const API_VERSION = '2016-11-28'

/** A setting that is missing or has a value it cannot have. */
export class SettingError extends Error {}

/**
 * The settings of one command: an environment variable first, then the profile. Each is read when it is asked for, so that a wrong
 * value stops only the commands that need it.
 */
export class Settings {
  readonly env: NodeJS.ProcessEnv
  readonly files: ConfigFiles
  /** As given by --profile; it also shuts out credentials from the environment. */
  readonly profileOption: string | undefined
  readonly profileName: string | undefined

  constructor(env: NodeJS.ProcessEnv, files: ConfigFiles, profileOption: string | undefined) {
    this.env = env
    this.files = files
    this.profileOption = profileOption === '' ? undefined : profileOption
    this.profileName = this.profileOption ?? env['AWS_DEFAULT_PROFILE'] ?? env['AWS_PROFILE']
  }

  /** Whether the chosen profile exists in either file; choosing none is fine. */
  get hasProfile(): boolean {
    return this.profileName === undefined || this.isProfile(this.profileName)
  }

  /** Whether either file has a profile of this name. */
  isProfile(name: string): boolean {
    return this.files.profiles.has(name) || this.files.credentials.has(name)
  }

  /** The profile's section of the config file. @throws SettingError when there is no such profile in either file. */
  get profile(): Section {
    this.requireProfile()
    return this.profileNamed(this.profileName ?? 'default')
  }

  /** What both files say of a profile; empty when neither has it. */
  profileNamed(name: string): Section {
    // What the credentials file says of a profile counts over the config file.
    const credentials = this.files.credentials.get(name)
    const profile = this.files.profiles.get(name) ?? new Map()
    return credentials === undefined ? profile : new Map([...profile, ...credentials])
  }

  /** @throws SettingError when the profile that was chosen does not exist. */
  requireProfile(): void {
    if (!this.hasProfile)
      throw new SettingError(`The config profile (${this.profileName ?? ''}) could not be found`)
  }

  get region(): string | undefined {
    // The second is what version 2 and the SDKs read.
    return this.env['AWS_DEFAULT_REGION'] ?? nonEmpty(this.env['AWS_REGION']) ?? this.#profileText('region')
  }

  get output(): string {
    return this.value('AWS_DEFAULT_OUTPUT', 'output') ?? 'json'
  }

  get caBundle(): string | undefined {
    return this.value('AWS_CA_BUNDLE', 'ca_bundle')
  }

  get useFips(): boolean {
    return isTrue(this.value('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'))
  }

  get useDualStack(): boolean {
    return isTrue(this.value('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'))
  }

  /** Whether parameters that are URLs are fetched. */
  get followsUrlParameters(): boolean {
    return (this.#profileText('cli_follow_urlparam') ?? 'true') === 'true'
  }

  /** Whether parameters are checked before anything is sent; any value but `true` turns that off, as in the reference. */
  get validatesParameters(): boolean {
    return isTrue(this.#profileText('parameter_validation') ?? 'true')
  }

  /** @throws SettingError when the setting is none of those; that stops every command, as in the reference. */
  get timestampStyle(): 'wire' | 'iso8601' {
    const format = this.hasProfile ? (this.#profileText('cli_timestamp_format') ?? 'wire') : 'wire'
    if (format === 'wire' || format === 'none') return 'wire'
    if (format === 'iso8601') return format
    throw new SettingError(
      `Unknown cli_timestamp_format value: ${format}, valid values are "none", "wire" or "iso8601"`,
    )
  }

  /** @throws SettingError when the profile asks for another version of the API than there is. */
  checkApiVersion(): void {
    const versions = this.hasProfile ? this.profile.get('api_versions') : undefined
    const version = typeof versions === 'object' ? versions.get('lightsail') : undefined
    if (version === undefined || version === API_VERSION) return
    throw new SettingError(
      `Unable to load data for: ${['lightsail', version, 'service-2'].filter((part) => part !== '').join('/')}`,
    )
  }

  get retryMode(): RetryMode {
    const value = this.value('AWS_RETRY_MODE', 'retry_mode') ?? this.#retryModeDefault
    const mode = RETRY_MODES.find((known) => known === value)
    if (mode === undefined)
      throw new SettingError(
        `Invalid value provided to "mode": "${value}" must be one of: ('${RETRY_MODES.join("', '")}')`,
      )
    return mode
  }

  /** Each of the defaults' modes but the old one brings the newer way of trying again. */
  get #retryModeDefault(): RetryMode {
    const mode = this.value('AWS_DEFAULTS_MODE', 'defaults_mode') ?? 'legacy'
    return mode.toLowerCase() === 'legacy' ? 'legacy' : 'standard'
  }

  /** How often a call is tried at most, the first time included; undefined leaves it to the mode. */
  get attemptsMax(): number | undefined {
    const value = this.value('AWS_MAX_ATTEMPTS', 'max_attempts')
    if (value === undefined) return undefined
    const attempts = parseInteger(value)
    if (attempts === undefined) throw new SettingError(`invalid literal for int() with base 10: '${value}'`)
    if (attempts < 1)
      throw new SettingError(
        `Value provided to "max_attempts": ${attempts} must be an integer greater than or equal to 1.`,
      )
    return Number(attempts)
  }

  /** The endpoint that the environment or the files name for this service, unless they are to be ignored. */
  get endpointUrl(): string | undefined {
    return this.endpointUrlOf('lightsail')
  }

  /** As {@link endpointUrl}, for either service. */
  endpointUrlOf(service: 'lightsail' | 's3'): string | undefined {
    if (isTrue(this.value('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls')))
      return undefined
    return (
      nonEmpty(this.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`]) ??
      nonEmpty(this.env['AWS_ENDPOINT_URL']) ??
      nonEmpty(this.#serviceEndpoint(service)) ??
      nonEmpty(this.#profileText('endpoint_url'))
    )
  }

  #serviceEndpoint(serviceName: string): string | undefined {
    const name = this.#profileText('services')
    if (name === undefined) return undefined
    const section = this.files.services.get(name)
    if (section === undefined)
      throw new SettingError(
        `The profile is configured to use the services section but the "${name}" services configuration does not exist.`,
      )
    const service = section.get(serviceName)
    return typeof service === 'object' ? service.get('endpoint_url') : undefined
  }

  /** A setting as its text: the environment's variable, else the profile's line. */
  value(variable: string, name: string): string | undefined {
    return this.env[variable] ?? this.#profileText(name)
  }

  #profileText(name: string): string | undefined {
    const value = this.profile.get(name)
    return typeof value === 'string' ? value : undefined
  }
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true'
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value)
