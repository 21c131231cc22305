import type { OperationText } from '../lightsail/documentation/index.ts'
import type { LugsailOperationName } from './index.ts'

/** What help tells of an operation of Lugsail's own API beyond its shapes. */
interface OwnOperationText extends Omit<OperationText, 'related'> {
  readonly related: readonly LugsailOperationName[]
}

const FIRST_ACCOUNT =
  'Only the root key of the first account, which the first start of a server makes, may call it. On the server itself "lugsail account" and "lugsail resource" do the same without a key.'

/** What help tells of each operation of Lugsail's own API beyond its shapes. */
export const lugsailTexts: Readonly<Record<LugsailOperationName, OwnOperationText>> = {
  CreateAccount: {
    notes: [FIRST_ACCOUNT],
    examples: [{ title: 'Make an account', command: ['create-account --account-name team-a'] }],
    related: ['GetAccounts', 'RotateAccountKey', 'DeleteAccount'],
  },
  GetAccounts: {
    notes: [FIRST_ACCOUNT],
    examples: [
      {
        title: 'Names and root keys of all accounts',
        command: ['get-accounts --output text --query \\', "'accounts[].[accountName,accessKeyId]'"],
      },
    ],
    related: ['CreateAccount', 'RotateAccountKey'],
  },
  RotateAccountKey: {
    notes: [FIRST_ACCOUNT],
    examples: [
      {
        title: 'A new root key; the old one counts for a week more',
        command: ['rotate-account-key --account-name team-a \\', '--retire-in-seconds 604800'],
      },
    ],
    related: ['RetireAccountKey', 'GetAccounts'],
  },
  RetireAccountKey: {
    notes: [FIRST_ACCOUNT],
    examples: [
      {
        title: 'Stop the old root key now',
        command: ['retire-account-key --account-name team-a \\', '--access-key-id AKIAIOSFODNN7EXAMPLE'],
      },
    ],
    related: ['RotateAccountKey', 'GetAccounts'],
  },
  DeleteAccount: {
    notes: [FIRST_ACCOUNT],
    examples: [{ title: 'Delete an account', command: ['delete-account --account-name team-a'] }],
    related: ['CreateAccount', 'GetAccounts'],
  },
  CreateResource: {
    notes: [FIRST_ACCOUNT],
    examples: [
      { title: 'A machine of the own account', command: ['create-resource --resource-name web-1'] },
      {
        title: 'A machine of another account',
        command: ['create-resource --resource-name web-1 --account-name team-a'],
      },
    ],
    related: ['GetResources', 'DeleteResource'],
  },
  GetResources: {
    notes: [FIRST_ACCOUNT],
    examples: [{ title: 'The machines of the own account', command: ['get-resources'] }],
    related: ['CreateResource', 'DeleteResource'],
  },
  DeleteResource: {
    notes: [FIRST_ACCOUNT],
    examples: [{ title: 'Forget a machine', command: ['delete-resource --resource-name web-1'] }],
    related: ['CreateResource', 'GetResources'],
  },
  UpdateAccessKey: {
    notes: [
      'Every account may call it, for keys of its own buckets. Before a key is deleted it can be made Inactive to see who still needs it.',
    ],
    examples: [
      {
        title: 'Switch a key off, until it is made Active again',
        command: [
          'update-access-key --bucket-name photos \\',
          '--access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive',
        ],
      },
    ],
    related: [],
  },
}
