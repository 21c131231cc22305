import { parseInteger } from '../arguments/numbers.ts'
import { SettingError } from './settings.ts'
import type { Settings } from './settings.ts'

interface ClientSetting {
  readonly variable: string
  readonly name: string
  /** What is wrong with a value; undefined when nothing is. */
  readonly problem: (value: string) => string | undefined
}

const STS_ENDPOINTS = ['legacy', 'regional']
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

/** Settings that change nothing for this service, and still stop each command of the reference when their value is none. */
const CLIENT_SETTINGS: readonly ClientSetting[] = [
  {
    variable: 'AWS_DEFAULTS_MODE',
    name: 'defaults_mode',
    problem: (value) =>
      DEFAULTS_MODES.includes(value.toLowerCase())
        ? undefined
        : `Client configured with invalid defaults mode: ${value}. Valid defaults modes include: ${DEFAULTS_MODES.join(', ')}.`,
  },
  {
    variable: 'AWS_STS_REGIONAL_ENDPOINTS',
    name: 'sts_regional_endpoints',
    problem: (value) =>
      STS_ENDPOINTS.includes(value)
        ? undefined
        : `STS regional endpoints option ${value} is invalid. Valid options are: "${STS_ENDPOINTS.join('", "')}"`,
  },
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
  {
    variable: 'AWS_METADATA_SERVICE_TIMEOUT',
    name: 'metadata_service_timeout',
    problem: (value) =>
      parseInteger(value) === undefined ? `invalid literal for int() with base 10: '${value}'` : undefined,
  },
  {
    variable: 'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
    name: 'ec2_metadata_service_endpoint_mode',
    problem: (value) =>
      METADATA_MODES.includes(value.toLowerCase())
        ? undefined
        : `Invalid EC2 Instance Metadata endpoint mode: ${value} Valid endpoint modes (case-insensitive): ${tuple(METADATA_MODES)}.`,
  },
  checksumSetting('request_checksum_calculation'),
  checksumSetting('response_checksum_validation'),
  {
    variable: 'AWS_ACCOUNT_ID_ENDPOINT_MODE',
    name: 'account_id_endpoint_mode',
    problem: (value) =>
      ENDPOINT_MODES.includes(value.toLowerCase())
        ? undefined
        : `The configured value '${value}' for 'account_id_endpoint_mode' is invalid. Valid values are: ${tuple(ENDPOINT_MODES)}.`,
  },
]

/** @throws SettingError when one of the settings of AWS's clients has a value it cannot have. */
export function checkClientSettings(settings: Settings): void {
  for (const { variable, name, problem } of CLIENT_SETTINGS) {
    const value = settings.value(variable, name)
    const found = value === undefined ? undefined : problem(value)
    if (found !== undefined) throw new SettingError(found)
  }
}
