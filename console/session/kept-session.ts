import type { SessionCredentials } from '../api/sts.ts'

/** What a tab keeps when it is asked to: temporary credentials, never the secret that was typed. */
interface KeptSession {
  /** The key that was typed. */
  readonly accessKeyId: string
  readonly session: SessionCredentials
}

const NAME = 'lugsail-session'

/** Keeps a session in this tab, until it is closed. */
export function keep(session: KeptSession): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(session))
  } catch {
    // A browser that stores nothing asks again after a reload.
  }
}

/** The session that is kept; null when there is none. */
export function readKept(): KeptSession | null {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? 'null') as KeptSession | null
  } catch {
    return null
  }
}

/** Forgets it. */
export function forgetKept(): void {
  try {
    sessionStorage.removeItem(NAME)
  } catch {
    // Then nothing was kept.
  }
}
