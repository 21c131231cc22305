/** Temporary credentials, as their token holds them. Times are epoch milliseconds, whole seconds. */
export interface Session {
  /** `ASIA…` */
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly accountId: string
  /** The access key that asked for them; null: nobody's, a token of another issuer was shown. */
  readonly parentKeyId: string | null
  /** When that key was made, epoch milliseconds: an id that was imported may be imported again, by others, too, and is another key then. */
  readonly parentMadeAt: number | null
  /** Null: they stand for the access key itself. */
  readonly role: SessionRole | null
}

/** What a session was taken for. */
interface SessionRole {
  readonly name: string
  /** Of the role as it was then: another one of the name is not meant. */
  readonly roleId: string
  /** What the role's record said of its sessions then, 0 for nothing: they were ended where it says something else. */
  readonly sessionsSince: number
  /** By the words of whoever took it. */
  readonly sessionName: string
  /** What it is kept to besides; null: nothing. */
  readonly policy: string | null
}
