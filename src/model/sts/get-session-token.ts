import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { Credentials, DurationSeconds } from './shapes.ts'

/** Gives temporary credentials that stand for the access key that asks. */
export const getSessionToken = operation('GetSessionToken', {
  doc: 'Gives temporary credentials that may do what the access key that asks may.',
  input: structure({ DurationSeconds: optional(DurationSeconds) }, { name: 'GetSessionTokenRequest' }),
  output: structure({ Credentials: required(Credentials) }, { name: 'GetSessionTokenResponse' }),
  errors: [],
})
