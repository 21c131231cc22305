import { recordCodec } from './codec.ts'

/** What one user of an access key did with it on a day, which is part of its place in the store. Instants are epoch milliseconds. */
export interface KeyUseRecord {
  /** IP address; absent with `agent`: all users beyond the number of those that are told apart. */
  readonly address?: string
  /** What the clients call themselves, cut and without control characters; absent where they say nothing. */
  readonly agent?: string
  readonly first: number
  readonly last: number
  /** With a right signature, the refused ones included. */
  readonly requests: number
  /** Bytes of bodies that came in. */
  readonly receivedBytes: number
  /** Bytes of bodies that went out. */
  readonly sentBytes: number
  readonly refusals: number
}

/** The stored form of what one user did. */
export const keyUseCodec = recordCodec<KeyUseRecord>('key use', 1)

/** How many rows tell of uses of the keys of an account on a day. */
export const keyUseRowsCodec = recordCodec<{ readonly rows: number }>('key use rows', 1)

/** How many users of a key are told apart on a day. */
export const keyUsersCodec = recordCodec<{ readonly users: number }>('key users', 1)
