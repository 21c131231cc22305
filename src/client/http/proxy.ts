import { ClientError } from '../errors.ts'
import { parseRequestUrl } from './request-url.ts'
import type { RequestUrl } from './request-url.ts'

/** The proxies that the environment names, by the scheme of the request they are for, and the hosts reached without one. */
export interface ProxySettings {
  readonly http?: string | undefined
  readonly https?: string | undefined
  readonly noProxy?: string | undefined
}

/** Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY; the names in lower case count first. */
export function proxySettingsOf(env: NodeJS.ProcessEnv): ProxySettings {
  // In a CGI program HTTP_PROXY is a header of the request, not a setting.
  const isCgi = env['REQUEST_METHOD'] !== undefined
  return {
    http: env['http_proxy'] ?? (isCgi ? undefined : env['HTTP_PROXY']),
    https: env['https_proxy'] ?? env['HTTPS_PROXY'],
    noProxy: env['no_proxy'] ?? env['NO_PROXY'],
  }
}

/** The proxy for a URL, or undefined when it is reached directly. A proxy without a scheme is an HTTP proxy. @throws ClientError when it is no URL. */
export function proxyFor(url: URL, { http, https, noProxy = '' }: ProxySettings): RequestUrl | undefined {
  const proxy = url.protocol === 'https:' ? https : http
  if (proxy === undefined || proxy === '' || isBypassed(url, noProxy)) return undefined
  const typed = /^https?:/i.test(proxy) ? proxy : `http://${proxy.replace(/^\/\//, '')}`
  try {
    return { ...parseRequestUrl(typed), text: typed }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new ClientError(
      `An HTTP Client raised an unhandled exception: Failed to parse: ${hidePassword(typed)}`,
    )
  }
}

function isBypassed({ hostname, host }: URL, noProxy: string): boolean {
  if (noProxy.trim() === '*') return true
  const names = [hostname.toLowerCase().replace(/^\[|\]$/g, ''), host.toLowerCase()]
  return noProxy
    .split(',')
    .map((name) => name.trim().toLowerCase().replace(/^\.+/, ''))
    .filter((name) => name !== '')
    .some((bypassed) => names.some((name) => name === bypassed || name.endsWith(`.${bypassed}`)))
}

/** The `Proxy-Authorization` value of the user and password in a proxy's URL, if it has them. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '') return undefined
  const userInfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(userInfo).toString('base64')}`
}

/** A proxy's URL as it may be shown: without the password. */
export const displayProxy = ({ text }: RequestUrl): string => hidePassword(text)

const hidePassword = (url: string): string => url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1***:***@')
