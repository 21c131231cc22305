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

/** The proxy for a URL, or undefined when it is reached directly. A proxy without a scheme is an HTTP proxy. */
export function proxyFor(url: URL, { http, https, noProxy = '' }: ProxySettings): URL | undefined {
  const proxy = url.protocol === 'https:' ? https : http
  if (proxy === undefined || proxy === '' || isBypassed(url, noProxy)) return undefined
  return new URL(/^https?:/i.test(proxy) ? proxy : `http://${proxy.replace(/^\/\//, '')}`)
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
export function displayProxy(proxy: URL): string {
  const shown = new URL(proxy)
  if (shown.username !== '') shown.username = shown.password = '***'
  return shown.href.replace(/\/$/, '')
}
