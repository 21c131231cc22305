import type { Output } from '../../api/json-api.ts'

/** An account of the server. */
export type Account = NonNullable<Output<'GetAccounts'>['accounts']>[number]
