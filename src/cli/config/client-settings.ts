import { hasHost } from '../../client/endpoint.ts'
import { parseInteger } from '../arguments/numbers.ts'
import { SettingError } from './settings.ts'
import type { Settings } from './settings.ts'

interface ClientSetting {
  readonly variable: string
  readonly name: string
  /** What is wrong with a value; undefined when nothing is. */
  readonly problem: (value: string) => string | undefined
  /** Looked at only by commands that sign their requests. */
  readonly isForSigned?: boolean
}

const REGIONAL_ENDPOINTS = ['legacy', 'regional']
const DEFAULTS_MODES = ['legacy', 'auto', 'standard', 'in-region', 'cross-region', 'mobile']
const ENDPOINT_MODES = ['preferred', 'disabled', 'required']
const METADATA_MODES = ['ipv4', 'ipv6']
const COMPRESSED_BYTES_MAX = 1_048_576
const CHECKSUM_CHOICES = ['when_supported', 'when_required']

/** As a tuple of Python. */
const tuple = (values: readonly string[]): string => `('${values.join("', '")}')`

const checksumSetting = (name: string): ClientSetting => ({
  variable: `AWS_${name.toUpperCase()}`,
  name,
  problem: (value) =>
    CHECKSUM_CHOICES.includes(value.toLowerCase())
      ? undefined
      : `Unsupported configuration value for ${name}. Expected one of ${tuple(CHECKSUM_CHOICES)} but got ${value}.`,
})

const integerSetting = (name: string): ClientSetting => ({
  variable: `AWS_${name.toUpperCase()}`,
  name,
  problem: (value) =>
    parseInteger(value) === undefined ? `invalid literal for int() with base 10: '${value}'` : undefined,
})

const regionalSetting = (service: string, variable: string): ClientSetting => ({
  variable: `AWS_${variable.toUpperCase()}`,
  name: variable,
  problem: (value) =>
    value === '' || REGIONAL_ENDPOINTS.includes(value)
      ? undefined
      : `${service} option ${value} is invalid. Valid options are: "${REGIONAL_ENDPOINTS.join('", "')}"`,
})

/** Looked at before the region is. */
const DEFAULTS_MODE: ClientSetting = {
  variable: 'AWS_DEFAULTS_MODE',
  name: 'defaults_mode',
  problem: (value) =>
    DEFAULTS_MODES.includes(value.toLowerCase())
      ? undefined
      : `Client configured with invalid defaults mode: ${value}. Valid defaults modes include: ${DEFAULTS_MODES.join(', ')}.`,
}

/** Settings that change nothing for this service, and still stop each command of the reference when their value is none. */
const CLIENT_SETTINGS: readonly ClientSetting[] = [
  {
    variable: 'AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES',
    name: 'request_min_compression_size_bytes',
    problem: (value) => {
      const size = parseInteger(value)
      const invalid = `Invalid value "${value}" for request_min_compression_size_bytes. Value must be`
      if (size === undefined) return `${invalid} an integer. Received <class 'str'> instead.`
      return size < 1 || size > COMPRESSED_BYTES_MAX
        ? `${invalid} between 1 and ${COMPRESSED_BYTES_MAX}.`
        : undefined
    },
  },
  checksumSetting('request_checksum_calculation'),
  checksumSetting('response_checksum_validation'),
  {
    variable: 'AWS_ACCOUNT_ID_ENDPOINT_MODE',
    name: 'account_id_endpoint_mode',
    isForSigned: true,
    problem: (value) =>
      ENDPOINT_MODES.includes(value.toLowerCase())
        ? undefined
        : `The configured value '${value}' for 'account_id_endpoint_mode' is invalid. Valid values are: ${tuple(ENDPOINT_MODES)}.`,
  },
]

/** Settings of other services, which the reference looks at last. */
const SERVICE_SETTINGS: readonly ClientSetting[] = [
  regionalSetting('STS regional endpoints', 'sts_regional_endpoints'),
  regionalSetting('S3 us-east-1 regional endpoint', 's3_us_east_1_regional_endpoint'),
]

/** Settings of the place that has an instance's credentials, which the reference looks at first. */
const METADATA_SETTINGS: readonly ClientSetting[] = [
  integerSetting('metadata_service_timeout'),
  integerSetting('metadata_service_num_attempts'),
  {
    variable: 'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
    name: 'ec2_metadata_service_endpoint_mode',
    problem: (value) =>
      METADATA_MODES.includes(value.toLowerCase())
        ? undefined
        : `Invalid EC2 Instance Metadata endpoint mode: ${value} Valid endpoint modes (case-insensitive): ${tuple(METADATA_MODES)}.`,
  },
  {
    variable: 'AWS_EC2_METADATA_SERVICE_ENDPOINT',
    name: 'ec2_metadata_service_endpoint',
    problem: (value) =>
      value === '' || hasHost(value)
        ? undefined
        : `Invalid endpoint EC2 Instance Metadata endpoint: ${value}`,
  },
]

/** @throws SettingError when the mode of the client's defaults is none. */
export function checkDefaultsMode(settings: Settings): void {
  checkAll([DEFAULTS_MODE], settings)
}

/** @throws SettingError when one of the settings of AWS's clients has a value it cannot have. */
export function checkClientSettings(settings: Settings, isSigned: boolean): void {
  checkAll(
    CLIENT_SETTINGS.filter(({ isForSigned }) => isSigned || isForSigned !== true),
    settings,
  )
}

/** @throws SettingError when a setting of another service has a value it cannot have. */
export function checkServiceSettings(settings: Settings): void {
  checkAll(SERVICE_SETTINGS, settings)
}

/**
 * Looks no further where the profile that was chosen is needed and does not exist; that is reported later.
 * @throws SettingError when a setting of the instance's credentials has a value it cannot have.
 */
export function checkMetadataSettings(settings: Settings): void {
  const isKnown = ({ variable }: ClientSetting): boolean =>
    settings.hasProfile || settings.env[variable] !== undefined
  const unknownAt = METADATA_SETTINGS.findIndex((setting) => !isKnown(setting))
  checkAll(unknownAt < 0 ? METADATA_SETTINGS : METADATA_SETTINGS.slice(0, unknownAt), settings)
}

function checkAll(known: readonly ClientSetting[], settings: Settings): void {
  for (const { variable, name, problem } of known) {
    const value = settings.value(variable, name)
    const found = value === undefined ? undefined : problem(value)
    if (found !== undefined) throw new SettingError(found)
  }
}
