const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** Everything that the console says, in English. Another language is one more file of this shape (texts.ts). */
export const en = {
  product: 'Lugsail',
  skipToContent: 'Skip to the content',
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
  add: 'Add',
  remove: 'Remove',
  save: 'Save',
  retry: 'Try again',
  loading: 'Loading',
  more: 'More',
  all: 'All',
  none: 'None',
  never: 'never',
  optional: 'optional',
  dismiss: 'Dismiss',
  show: 'Show',
  hide: 'Hide',

  signIn: {
    title: 'Sign in',
    accessKeyId: 'Access key ID',
    secretAccessKey: 'Secret access key',
    keep: 'Keep for this tab',
    keepHint: 'A reload does not ask again. Credentials that end by themselves are kept, never the secret.',
    action: 'Sign in',
    working: 'Signing in…',
    whereKeys:
      'The first key pair is in the file "credentials" in the data folder of the server. Bucket keys and application keys sign in, too.',
    insecure:
      'This page came without TLS: whoever can read the network between you and the server can read what you do here. The secret itself is never sent.',
    restoring: 'Signing in again',
  },

  top: {
    search: 'Search or go to…',
    searchLabel: 'Search or go to a page, bucket or key',
    nothingFound: 'Nothing of that name',
    region: 'Region',
    allRegions: 'All regions',
    theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    signOut: 'Sign out',
    signedInAs: 'Signed in as',
    kinds: {
      account: 'the account’s own key',
      'bucket-key': 'a key of one bucket',
      'application-key': 'an application key',
      role: 'a role',
      resource: 'a resource',
    },
    account: 'Account',
    key: 'Key',
    paletteKinds: { page: 'Page', bucket: 'Bucket', key: 'Key' },
  },

  navigation: {
    account: 'Account',
    label: 'Pages',
    buckets: 'Buckets',
    keys: 'Application keys',
    activity: 'Activity',
    accounts: 'Accounts',
    health: 'Health',
    bucketPages: { objects: 'Objects', keys: 'Keys', settings: 'Settings', overview: 'Overview' },
  },

  buckets: {
    title: 'Buckets',
    create: 'Create bucket',
    name: 'Name',
    region: 'Region',
    usage: 'Stored',
    usageOf: (used: string, most: string) => `${used} of ${most}`,
    plan: 'Plan',
    created: 'Created',
    access: 'Access',
    public: 'Public',
    private: 'Private',
    notYetMeasured: 'not measured yet',
    filter: 'Find a bucket',
    actions: (name: string) => `Actions for ${name}`,
    noMatch: 'No bucket has that in its name.',
    onlyAccount: 'Buckets are made and deleted with the account’s own key.',
    empty: {
      title: 'No buckets yet',
      text: 'A bucket holds files, here called objects, and has keys of its own. Create one here, or with three commands:',
    },
    emptyForKey: {
      title: 'This key opens no bucket',
      text: 'The buckets it was made for may have been deleted. Whoever keeps the account can give it others.',
    },
  },

  createBucket: {
    title: 'Create a bucket',
    name: 'Name',
    nameHint: '3 to 54 lower-case letters, digits and hyphens. Nobody else on this server can have it.',
    nameBad:
      'A name has 3 to 54 lower-case letters, digits and hyphens, with a letter or digit at either end.',
    region: 'Region',
    regionHint: 'It never changes, and is a name only: all regions are on this server.',
    plan: 'Plan',
    planHint:
      'What it may hold, and send in a month. It can be changed once a month; nothing is blocked above it.',
    planLine: (storage: string, transfer: string) => `${storage} stored, ${transfer} sent a month`,
    versioning: 'Keep old versions of objects',
    versioningHint: 'What is overwritten or deleted can be restored, and counts as stored.',
    tags: 'Tags',
    tagKey: 'Key',
    tagValue: 'Value',
    addTag: 'Add a tag',
    removeTag: (key: string) => `Remove the tag ${key}`,
    action: (name: string) => (name === '' ? 'Create bucket' : `Create ${name}`),
    done: (name: string) => `${name} is there.`,
    failed: (name: string) => `${name} wasn’t created`,
  },

  deleteBucket: {
    title: (name: string) => `Delete ${name}`,
    menu: 'Delete…',
    text: 'The bucket, its keys and its settings are gone for good, and its name is free for others.',
    force: 'Delete the objects in it, too',
    forceHint: 'Every object, every old version and every unfinished upload.',
    confirm: (name: string) => `Type ${name} to delete it`,
    action: (name: string) => `Delete ${name}`,
    done: (name: string) => `${name} is deleted.`,
    failed: (name: string) => `${name} wasn’t deleted`,
  },

  overview: {
    reach: 'How programs reach it',
    reachText:
      'Any client of S3 does, with an access key, this endpoint, the region, and buckets addressed by path.',
    endpoint: 'Endpoint',
    versioning: 'Versions',
  },

  errors: {
    what: 'That didn’t work',
    unexpected: 'This page failed',
    server: (message: string) => `The server says: ${message}`,
    request: (id: string) => `Request ${id}`,
    codes: {
      Unreachable: {
        why: 'The server does not answer.',
        todo: 'Check that it runs and that this machine reaches it, then try again. Nothing you see here is lost.',
      },
      Unreadable: {
        why: 'The server’s answer could not be understood.',
        todo: 'Try again; a proxy in between may have answered.',
      },
      UnreachableKey: {
        why: 'Browsers take “.” and “..” out of addresses, so they cannot ask for an object of this name.',
        todo: 'Rename it here, or use another client.',
      },
      SessionOver: { why: 'The session is over.', todo: 'Sign in again.' },
      ExpiredToken: { why: 'The session is over.', todo: 'Sign in again.' },
      InvalidClientTokenId: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Check the access key ID. It may have been rotated or deleted, or be of another server.',
      },
      UnrecognizedClientException: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Sign in with another key.',
      },
      InvalidAccessKeyId: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Sign in with another key.',
      },
      SignatureDoesNotMatch: {
        why: 'The secret does not belong to this access key.',
        todo: 'Copy the secret again, without spaces around it.',
      },
      RequestTimeTooSkewed: {
        why: 'The clock of this machine differs from the server’s by more than a quarter of an hour.',
        todo: 'Set the one that is wrong.',
      },
      AccessDenied: {
        why: 'The key you signed in with may not do this.',
        todo: 'Ask whoever keeps the account for the right.',
      },
      AccessDeniedException: {
        why: 'The key you signed in with may not do this.',
        todo: 'Sign in with the account’s own key.',
      },
      NoSuchBucket: {
        why: 'There is no such bucket any more.',
        todo: 'Somebody may have deleted it. Go back to the buckets.',
      },
      BucketNotEmpty: { why: 'It holds objects.', todo: 'Empty it first, or delete it with its objects.' },
      ServiceUnavailableException: { why: 'The server is too busy.', todo: 'Try again in a moment.' },
      ServiceUnavailable: { why: 'The server is too busy.', todo: 'Try again in a moment.' },
      SlowDown: {
        why: 'The server is too busy, or too many signatures from your address were wrong.',
        todo: 'Try again in a minute.',
      },
    } as Readonly<Partial<Record<string, { readonly why: string; readonly todo: string }>>>,
    clock: (text: string) => text,
  },

  units: {
    bytes: (number: number) => count(number, 'byte', 'bytes'),
    objects: (number: number) => count(number, 'object', 'objects'),
    buckets: (number: number) => count(number, 'bucket', 'buckets'),
  },

  table: {
    rows: (number: number) => count(number, 'row', 'rows'),
    select: (name: string) => `Select ${name}`,
    selectAll: 'Select all',
    sortBy: (name: string) => `Sort by ${name}`,
  },

  unknownPage: {
    title: 'There is no such page',
    text: 'The address may have been cut off.',
    back: 'Go to the buckets',
  },
  notYours: {
    title: 'Not with this key',
    account: 'This page is about the account, and the key you signed in with is not the account’s own.',
    server: 'This page is about all accounts of the server. Only the first account sees it.',
  },
} as const
