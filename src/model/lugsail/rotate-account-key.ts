import { DAY_SECONDS } from '../../base/milliseconds.ts'
import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { operation } from '../operation.ts'
import { integer, optional, required, structure } from '../shape.ts'
import { retireAccountKey } from './retire-account-key.ts'
import { Account, AccountName, NewAccessKey } from './shapes.ts'

/** Whoever needs longer than this to move clients over has forgotten that he began. */
export const RETIRE_SECONDS_MAX = 90 * DAY_SECONDS

/** Gives an account a new root key. */
export const rotateAccountKey = operation('RotateAccountKey', {
  api: 'lugsail',
  doc: 'Gives an account a new root key. The old one goes on for a day, or for retireInSeconds, so that clients can be moved over and a lost response locks nobody out; one that was retiring already stops now. The secret is returned once, in this response.',
  input: structure(
    {
      accountName: required(AccountName),
      retireInSeconds: optional(integer({ name: 'RetireInSeconds', min: 0, max: RETIRE_SECONDS_MAX }), {
        doc: 'Seconds for which the old root key still counts: 0, it stops at once, to 7776000 (90 days). A day when absent.',
      }),
    },
    { name: 'RotateAccountKeyRequest' },
  ),
  output: structure({ account: Account, rootKey: NewAccessKey }, { name: 'RotateAccountKeyResult' }),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
  takenBackBy: {
    operation: retireAccountKey,
    input: { accountName: ['input', 'accountName'], accessKeyId: ['output', 'rootKey', 'accessKeyId'] },
  },
})
