import { ClientError } from './errors.ts'

/** What decides where a call goes. */
export interface EndpointChoice {
  readonly region: string
  /** A base URL given by the user; none for Amazon's own. */
  readonly url?: string | undefined
  readonly useFips: boolean
  readonly useDualStack: boolean
}

interface Partition {
  readonly id: string
  readonly regions: RegExp
  readonly suffix: string
  readonly dualStackSuffix: string
}

/** Amazon's partitions: regions that match the pattern live under the suffix. A region that matches none counts as the first's. */
const PARTITIONS: readonly [Partition, ...Partition[]] = [
  {
    id: 'aws',
    regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    suffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
  },
  {
    id: 'aws-cn',
    regions: /^cn-\w+-\d+$/,
    suffix: 'amazonaws.com.cn',
    dualStackSuffix: 'api.amazonwebservices.com.cn',
  },
  {
    id: 'aws-eusc',
    regions: /^eusc-(de)-\w+-\d+$/,
    suffix: 'amazonaws.eu',
    dualStackSuffix: 'api.amazonwebservices.eu',
  },
  { id: 'aws-iso', regions: /^us-iso-\w+-\d+$/, suffix: 'c2s.ic.gov', dualStackSuffix: 'api.aws.ic.gov' },
  {
    id: 'aws-iso-b',
    regions: /^us-isob-\w+-\d+$/,
    suffix: 'sc2s.sgov.gov',
    dualStackSuffix: 'api.aws.scloud',
  },
  {
    id: 'aws-iso-e',
    regions: /^eu-isoe-\w+-\d+$/,
    suffix: 'cloud.adc-e.uk',
    dualStackSuffix: 'api.cloud-aws.adc-e.uk',
  },
  {
    id: 'aws-iso-f',
    regions: /^us-isof-\w+-\d+$/,
    suffix: 'csp.hci.ic.gov',
    dualStackSuffix: 'api.aws.hci.ic.gov',
  },
  { id: 'aws-us-gov', regions: /^us-gov-\w+-\d+$/, suffix: 'amazonaws.com', dualStackSuffix: 'api.aws' },
]

/**
 * The base URL of the control plane. One that the user gives counts whatever else is asked for. A region that has the form of none of
 * Amazon's still gets a host name under the first partition, so that a region newer than this program works.
 */
export function resolveEndpoint({ region, url, useFips, useDualStack }: EndpointChoice): string {
  if (url !== undefined) return url
  const { suffix, dualStackSuffix } = PARTITIONS.find(({ regions }) => regions.test(region)) ?? PARTITIONS[0]
  return `https://lightsail${useFips ? '-fips' : ''}.${region}.${useDualStack ? dualStackSuffix : suffix}`
}

/** @throws ClientError when the name cannot be part of a host name. */
export function checkRegionName(region: string): void {
  if (!/^(?![0-9]+$)(?!-)[a-zA-Z0-9-]{0,63}(?<!-)$/.test(region))
    throw new ClientError(`Provided region_name '${region}' doesn't match a supported format.`)
}

/** @throws ClientError when the URL has no host, or one that is neither a name nor an address. Its port is looked at when a request is made. */
export function checkEndpointUrl(url: string): void {
  if (!hasHost(url)) throw new ClientError(`Invalid endpoint: ${url}`)
}

/** Whether the URL has a host that can be one. @throws ClientError as checkBrackets does. */
export function hasHost(url: string): boolean {
  checkBrackets(url)
  const host = hostOf(url)
  return (
    host !== undefined &&
    host !== '' &&
    !/[\t\r\n]/.test(url) &&
    (host.startsWith('[') ||
      (host.length <= 255 && /^((?!-)[A-Z\d-]{1,63}(?<!-)\.)*((?!-)[A-Z\d-]{1,63}(?<!-))\.?$/i.test(host)))
  )
}

/** @throws ClientError when brackets stand in the URL's authority, but not around an IPv6 address. */
export function checkBrackets(url: string): void {
  const authority = authorityOf(url)
  if (authority.includes('[') !== authority.includes(']')) throw new ClientError('Invalid IPv6 URL')
  const address = /^\[(.*)\]$/.exec(hostOf(url) ?? '')?.[1]
  if (address !== undefined && !/^[0-9a-f:.]*:[0-9a-f:.]*(%.*)?$/i.test(address))
    throw new ClientError(`'${address}' does not appear to be an IPv4 or IPv6 address`)
}

const authorityOf = (url: string): string => /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? ''

const hostOf = (url: string): string | undefined =>
  /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::.*)?$/.exec(authorityOf(url))?.[1]
