import { hostAndPort, type ListenAddress } from './address.ts'
import type { SettingValues } from './schema.ts'

/** Where clients reach the server: what the settings say, else the address that it listens on. */
export function publicUrlOf(settings: SettingValues, { host, port }: ListenAddress): string {
  if (settings.publicUrl !== null) return settings.publicUrl
  const isWildcard = host === '0.0.0.0' || host === '::'
  const reachable = { host: isWildcard ? '127.0.0.1' : host, port }
  return `${settings.tlsCert === null ? 'http' : 'https'}://${hostAndPort(reachable)}`
}
