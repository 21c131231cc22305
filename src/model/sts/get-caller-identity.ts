import { operation } from '../operation.ts'
import { required, string, structure } from '../shape.ts'

/** Tells whoever signs a request who they are. */
export const getCallerIdentity = operation('GetCallerIdentity', {
  doc: 'Tells the account, the name and the id of whoever signed the request.',
  input: structure({}, { name: 'GetCallerIdentityRequest' }),
  output: structure(
    {
      Arn: required(string({ doc: 'The name of the caller.' })),
      UserId: required(
        string({ doc: "The id of the caller; an account's root key has that of the account." }),
      ),
      Account: required(string({ doc: 'The id of the account, of 12 digits.' })),
    },
    { name: 'GetCallerIdentityResponse' },
  ),
  errors: [],
})
