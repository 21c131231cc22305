import type { ClientCredentials } from '../../auth/sign-request.ts'
import type { TlsSettings } from '../../client/http/tls-settings.ts'
import type { Settings } from '../config/settings.ts'

/** What the providers beyond the files need to know of the command. */
export interface ProviderContext {
  readonly settings: Settings
  readonly region: string | undefined
  readonly tls: TlsSettings
}

/** Credentials, and until when they are good where their place says so. */
export interface FoundCredentials extends ClientCredentials {
  readonly expiresAtMs?: number
}
