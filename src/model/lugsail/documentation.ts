import type { OperationText } from '../lightsail/documentation/index.ts'
import type { LugsailOperationName } from './index.ts'

/** What help tells of an operation of Lugsail's own API beyond its shapes. */
interface OwnOperationText extends Omit<OperationText, 'related'> {
  readonly related: readonly LugsailOperationName[]
}

const FIRST_ACCOUNT =
  'Only the root key of the first account, which the first start of a server makes, may call it. On the server itself "lugsail account" and "lugsail resource" do the same without a key.'

const EVERY_ACCOUNT = 'Every account may call it, for its own keys.'
const EVERY_ACCOUNT_ROLES = 'Every account may call it, for its own roles.'
const SESSIONS =
  'Who takes a role with an access key may do what the key and the role both allow, and no more.'
const BOUNDS =
  'All bounds count together, and none gives anything: the bucket’s policy and the account’s own rules hold for the key as well. docs/keys.md tells what each right is.'

/** What help tells of each operation of Lugsail's own API beyond its shapes. */
export const lugsailTexts: Readonly<Record<LugsailOperationName, OwnOperationText>> = {
  GetCallerRights: {
    notes: ['Every access key may call it, about itself.'],
    examples: [{ title: 'What the key at hand may do', command: ['get-caller-rights'] }],
    related: ['GetAccessKeys', 'GetRoles'],
  },
  GetBucketUsage: {
    notes: ['Every account may call it, for its own buckets.'],
    examples: [
      {
        title: 'What went out of a bucket this week, day by day',
        command: [
          'get-bucket-usage --bucket-name photos --days 7 \\',
          "--output text --query 'days[].[day,sentBytes]'",
        ],
      },
    ],
    related: ['GetCallerRights'],
  },
  GetBucketAccess: {
    notes: [
      'Every account may call it, for its own buckets and keys.',
      'What is not said here, such as a header, whether TLS is used or the tags of an object, is left open: where a condition about it decides, the outcome is depends, and conditions names it. The time is that of now.',
    ],
    examples: [
      {
        title: 'What a key may do with the objects of a folder',
        command: [
          'get-bucket-access --bucket-name photos \\',
          '--access-key-id AKIAIOSFODNN7EXAMPLE --object-key trip/coast.jpg',
        ],
      },
      {
        title: 'What it may do from one address, and what depends on something else',
        command: [
          'get-bucket-access --bucket-name photos \\',
          '--access-key-id AKIAIOSFODNN7EXAMPLE --source-address 10.0.3.7 \\',
          "--output text --query 'access[].[doing,outcome,conditions[0]]'",
        ],
      },
      {
        title: 'What everybody could do if this were the policy',
        command: [
          'get-bucket-access --bucket-name photos --policy file://policy.json --output text \\',
          "--query 'access[].[doing,outcome,rule]'",
        ],
      },
    ],
    related: ['GetCallerRights', 'GetAccessKeys'],
  },
  GetServerInfo: {
    notes: ['Only the root key of the first account may call it.'],
    examples: [{ title: 'The version of the server', command: ["get-server-info --query 'version'"] }],
    related: ['GetAuditLog'],
  },
  GetAuditLog: {
    notes: [
      'Only the root key of the first account may call it. Servers of a cluster have each a log of their own.',
    ],
    examples: [
      {
        title: 'Changes of a bucket that were refused',
        command: ['get-audit-log --containing photos --outcome failed'],
      },
    ],
    related: ['GetServerInfo'],
  },
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
  CreateAccessKey: {
    notes: [EVERY_ACCOUNT, BOUNDS],
    examples: [
      {
        title: 'A key that reads one bucket, for a year',
        command: [
          'create-access-key --name reports --buckets photos \\',
          '--rights read list --expires-in-seconds 31536000',
        ],
      },
      {
        title: 'A key for one folder, from one network',
        command: [
          'create-access-key --name uploads --buckets photos \\',
          '--rights read-write --prefixes in/ --source-networks 203.0.113.0/24',
        ],
      },
    ],
    related: ['GetAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey', 'ImportAccessKey'],
  },
  GetAccessKeys: {
    notes: [EVERY_ACCOUNT],
    examples: [
      {
        title: 'Names, ids and last uses',
        command: [
          'get-access-keys --output text --query \\',
          "'accessKeys[].[name,accessKeyId,lastUsed.lastUsedDate]'",
        ],
      },
      { title: 'Keys that ended', command: ['get-access-keys --status Expired'] },
    ],
    related: ['CreateAccessKey', 'UpdateAccessKey'],
  },
  GetAccessKeyUse: {
    notes: [
      EVERY_ACCOUNT,
      'What a server has not written yet is not shown: uses appear within 15 seconds. Uses are kept for 30 days, or as the setting keyUseDays says, and a day of a key has at most 1,000 users. Of an account with more uses than keyUseRowsPerAccountMax says, the oldest days are forgotten.',
    ],
    examples: [
      {
        title: 'Who still uses a key',
        command: [
          'get-access-key-use --name reports --output text --query \\',
          "'uses[].[day,address,agent,requests,refusals]'",
        ],
      },
      {
        title: 'Who used a key of a bucket since a day',
        command: ['get-access-key-use --access-key-id AKIAIOSFODNN7EXAMPLE \\', '--since 2026-11-01'],
      },
    ],
    related: ['GetAccessKeys', 'RotateAccessKey', 'UpdateAccessKey'],
  },
  UpdateAccessKey: {
    notes: [
      'Every account may call it, for its own keys and those of its buckets. Before a key is deleted it can be made Inactive to see who still needs it.',
      'Lists take the place of lists: --buckets a b leaves the key these two. --removes takes a bound away.',
    ],
    examples: [
      {
        title: 'Switch a key of a bucket off, until it is made Active again',
        command: [
          'update-access-key --bucket-name photos \\',
          '--access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive',
        ],
      },
      {
        title: 'Let a key read only, and not end',
        command: ['update-access-key --name reports --rights read list \\', '--removes expiresAt'],
      },
    ],
    related: ['GetAccessKeys', 'DeleteAccessKey'],
  },
  RotateAccessKey: {
    notes: [
      EVERY_ACCOUNT,
      'get-access-keys shows the old id as retiringKey, with its last use and when it stops, and get-access-key-use who still uses it. Once it has stopped it is Inactive; after 30 days, or as the setting retiredKeyDays says, it is deleted.',
      'A bucket has two slots for keys of its own: to rotate one, the other must be free. delete-access-key with the new id takes a rotation back while the old key counts.',
    ],
    examples: [
      {
        title: 'A new secret; the old one counts for a week more',
        command: ['rotate-access-key --name reports --retire-in-seconds 604800'],
      },
      {
        title: 'A new key of a bucket; the old one counts until nobody used it for a week',
        command: [
          'rotate-access-key --bucket-name photos \\',
          '--access-key-id AKIAIOSFODNN7EXAMPLE --retire-when-idle-seconds 604800',
        ],
      },
    ],
    related: ['GetAccessKeys', 'DeleteAccessKey'],
  },
  RevokeAccessKey: {
    notes: [
      EVERY_ACCOUNT,
      'lugsail revoke, or lugsail key revoke, does the same and writes a report of what the key did.',
    ],
    examples: [
      { title: 'A secret has leaked', command: ['revoke-access-key --name reports'] },
      {
        title: 'That of a key of a bucket',
        command: ['revoke-access-key --access-key-id AKIAIOSFODNN7EXAMPLE'],
      },
    ],
    related: ['GetAccessKeyUse', 'UpdateAccessKey', 'RotateAccessKey'],
  },
  DeleteAccessKey: {
    notes: [EVERY_ACCOUNT],
    examples: [{ title: 'Delete a key', command: ['delete-access-key --name reports'] }],
    related: ['CreateAccessKey', 'UpdateAccessKey'],
  },
  ImportAccessKey: {
    notes: [
      EVERY_ACCOUNT,
      'The secret is read from a file or from standard input, so that neither the shell’s history nor a list of processes has it. A line end behind it is left out.',
    ],
    examples: [
      {
        title: 'Keep the key that an application has',
        command: [
          'import-access-key --name app --access-key-id minio-app \\',
          '--secret-access-key file://secret.txt --buckets photos --rights read-write',
        ],
      },
    ],
    related: ['CreateAccessKey', 'DeleteAccessKey'],
  },
  CreateRole: {
    notes: [EVERY_ACCOUNT_ROLES, BOUNDS, SESSIONS],
    examples: [
      {
        title: 'A role that a workflow of GitHub takes',
        command: [
          'create-role --name deploy --buckets site --rights read-write \\',
          '--trusts issuer=https://token.actions.githubusercontent.com,audiences=lugsail,subjects=repo:acme/site:ref:refs/heads/main',
        ],
      },
      {
        title: 'A role that access keys of the account take, for an hour at most',
        command: ['create-role --name inspect --rights read list'],
      },
    ],
    related: ['GetRoles', 'UpdateRole', 'DeleteRole'],
  },
  GetRoles: {
    notes: [EVERY_ACCOUNT_ROLES],
    examples: [
      { title: 'Names and ARNs', command: ["get-roles --output text --query 'roles[].[name,roleArn]'"] },
    ],
    related: ['CreateRole', 'UpdateRole'],
  },
  UpdateRole: {
    notes: [EVERY_ACCOUNT_ROLES, 'Lists take the place of lists: --buckets a b leaves the role these two.'],
    examples: [
      { title: 'End the sessions that there are', command: ['update-role --name deploy --ends-sessions'] },
      { title: 'Let nobody take it any more', command: ['update-role --name deploy --status Inactive'] },
    ],
    related: ['GetRoles', 'DeleteRole'],
  },
  DeleteRole: {
    notes: [EVERY_ACCOUNT_ROLES],
    examples: [{ title: 'Delete a role', command: ['delete-role --name deploy'] }],
    related: ['CreateRole', 'GetRoles'],
  },
}
