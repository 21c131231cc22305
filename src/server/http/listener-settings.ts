import type { SettingValues } from '../configuration/schema.ts'
import type { ListenerLimits } from './listener.ts'
import type { TlsFiles } from './tls-files.ts'

/** The bounds that the settings give a listener. `connectionsMax`: of them, what the system has descriptors for. */
export const listenerLimits = (settings: SettingValues, connectionsMax: number): ListenerLimits => ({
  connectionsMax,
  connectionsPerAddressMax: settings.connectionsPerAddressMax,
  headerBytesMax: settings.headerBytesMax,
  headerTimeoutMs: settings.headerTimeoutSeconds * 1_000,
  idleTimeoutMs: settings.idleTimeoutSeconds * 1_000,
  keepAliveTimeoutMs: settings.keepAliveTimeoutSeconds * 1_000,
  bytesPerSecondMin: settings.transferRateBytesMin,
  failedSignaturesPerMinuteMax: settings.failedSignaturesPerMinuteMax,
})

/** The files of TLS that the settings name; null for none. */
export const tlsFilesOf = ({ tlsCert, tlsKey }: SettingValues): TlsFiles | null =>
  tlsCert !== null && tlsKey !== null ? { cert: tlsCert, key: tlsKey } : null
